import pytest

from policylang.reference.host import labels


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("api.example.com", ("api", "example", "com")),
        ("API.Example.COM.", ("api", "example", "com")),
        ("a:80", ("a",)),
        ("a:", ("a",)),
        ("a.:8080", ("a",)),
        ("127.0.0.1:1", ("127", "0", "0", "1")),
        ("[::1]:80", ("[::1]",)),
        ("[2001:DB8::0:1]", ("[2001:db8::1]",)),
    ],
)
def test_case_port_and_final_dot_do_not_matter(host: str, expected: tuple[str, ...]) -> None:
    assert labels(host) == expected


@pytest.mark.parametrize(
    "host",
    ["", ".", "a..b", ".a", "a b", "a/b", "a:b", "a:99999", "a:80:80", "[::1", "::1", "[x]", "[::1]a", "[::1%25eth0]",
     "[fe80::1%eth0]", "a@b", "\u00e9.com", "a%2eb", "a,b", "-a", "a-.b", "a" * 64, ".".join(["a" * 60] * 5)],
)  # fmt: skip
def test_refuses_what_is_no_host(host: str) -> None:
    assert labels(host) is None
