import pytest

from policylang.request.client import canonical_ip, client_ip, trusted_networks
from policylang.request.errors import HeaderRefused

PROXIES = trusted_networks(["10.0.0.0/8", "fd00::/8", "192.0.2.1"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::FFFF:a00:1", "10.0.0.1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_one_spelling(text: str, expected: str) -> None:
    assert canonical_ip(text) == expected


@pytest.mark.parametrize(
    "text", ["", "a", "1.2.3", "010.0.0.1", "1.2.3.4.5", "10.0.0.0/8", "1.2.3.4:80", "0x7f000001", "127.1"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        canonical_ip(text)


@pytest.mark.parametrize("lines", [[], [b"1.1.1.1"], [b"garbage"], [b""]])
def test_by_default_nobody_is_believed(lines: list[bytes]) -> None:
    assert client_ip("10.0.0.1", lines, ()) == "10.0.0.1"


def test_a_peer_that_is_not_listed_is_the_client() -> None:
    assert client_ip("203.0.113.9", [b"1.1.1.1"], PROXIES) == "203.0.113.9"
    assert client_ip("203.0.113.9", [b"garbage"], PROXIES) == "203.0.113.9"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], "10.0.0.1"),
        ([b"203.0.113.9"], "203.0.113.9"),
        ([b"1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        ([b"1.1.1.1", b"203.0.113.9"], "203.0.113.9"),
        ([b"203.0.113.9, 10.1.1.1", b"10.2.2.2, 192.0.2.1"], "203.0.113.9"),
        ([b"garbage, 203.0.113.9,10.1.1.1"], "203.0.113.9"),
        ([b"10.3.3.3, 10.2.2.2"], "10.3.3.3"),
        ([b"203.0.113.9:4711, 10.1.1.1"], "203.0.113.9"),
        ([b"[2001:db8::1]:4711"], "2001:db8::1"),
        ([b"[2001:DB8::1]"], "2001:db8::1"),
        ([b"2001:db8::1,fd00::7"], "2001:db8::1"),
        ([b"::ffff:203.0.113.9"], "203.0.113.9"),
        ([b"203.0.113.9, ::ffff:10.1.1.1"], "203.0.113.9"),
        ([b"\t203.0.113.9 "], "203.0.113.9"),
    ],
)
def test_the_right_most_hop_that_is_not_trusted(lines: list[bytes], expected: str) -> None:
    assert client_ip("10.0.0.1", lines, PROXIES) == expected
    assert client_ip("::ffff:10.0.0.1", lines, PROXIES) == expected


@pytest.mark.parametrize(
    "line",
    [b"", b"unknown", b"_hidden", b"203.0.113.9,", b"1.2.3", b"1.2.3.4.5", b"fe80::1%eth0", b"1.2.3.4:x", b"\xff"],
)
def test_a_trusted_proxy_that_writes_no_address(line: bytes) -> None:
    with pytest.raises(HeaderRefused, match="forwarded_invalid"):
        client_ip("10.0.0.1", [line], PROXIES)


@pytest.mark.parametrize(
    "texts",
    [["0.0.0.0/0"], ["::/0"], ["0.0.0.0/1", "128.0.0.0/1"], ["10.0.0.0/8", "::/1", "8000::/1"], ["::ffff:0:0/96"]],
)
def test_a_list_that_means_everyone_is_refused(texts: list[str]) -> None:
    with pytest.raises(ValueError, match="everyone"):
        trusted_networks(texts)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "x", "", "10.0.0.0/33"])
def test_a_network_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        trusted_networks([text])


def test_a_mapped_network_is_the_network_it_maps() -> None:
    assert [str(network) for network in trusted_networks(["::ffff:10.0.0.0/104"])] == ["10.0.0.0/8"]
    assert trusted_networks([]) == ()
