"""URLs of stores: what each says, and what is refused without repeating it."""

import pytest

from gateway.store.address import AddressRefused, StoreAddress, read_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://cache.example", StoreAddress("standalone", False, (("cache.example", 6379),))),
        ("redis://127.0.0.1:7000/3", StoreAddress("standalone", False, (("127.0.0.1", 7000),), "", 3)),
        ("rediss://[::1]:7000/", StoreAddress("standalone", True, (("::1", 7000),))),
        ("redis://[::1]", StoreAddress("standalone", False, (("::1", 6379),))),
        ("redis+cluster://a:1,b", StoreAddress("cluster", False, (("a", 1), ("b", 6379)))),
        ("rediss+cluster://a:1/0", StoreAddress("cluster", True, (("a", 1),))),
        ("redis+sentinel://a,b:2/main/1", StoreAddress("sentinel", False, (("a", 26379), ("b", 2)), "main", 1)),
        ("rediss+sentinel://a/main", StoreAddress("sentinel", True, (("a", 26379),), "main")),
    ],
)
def test_what_a_url_says(url: str, address: StoreAddress) -> None:
    assert read_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "redis:",
        "http://a",
        "REDIS://a",
        "redis://",
        "redis://a,b",
        "redis://a:",
        "redis://a:0",
        "redis://a:65536",
        "redis://a:١",
        "redis://a:1:2",
        "redis://a/x",
        "redis://a/1/2",
        "redis://a/-1",
        "redis://a?db=1",
        "redis://a#b",
        "redis://[::1",
        "redis://[::1]7000",
        "redis://a b",
        "redis://ä",
        "redis+cluster://a/1",
        "redis+cluster://a,,b",
        "redis+sentinel://a",
        "redis+sentinel://a/",
        "redis+sentinel://a/main/x",
    ],
)
def test_what_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused, match=r"store\.url: "):
        read_address(url)


@pytest.mark.parametrize("url", ["redis://:hunter2@a", "rediss://me:hunter2@a:1/2", "redis+cluster://a,me:hunter2@b"])
def test_a_credential_is_refused_unrepeated(url: str) -> None:
    with pytest.raises(AddressRefused, match=r"store\.password") as refused:
        read_address(url)
    assert "hunter2" not in str(refused.value)
