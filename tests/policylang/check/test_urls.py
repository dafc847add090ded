import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.check.urls import is_loopback, issuer_problem, secure_url_problem, upstream_problem, url_problem


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com", "http://127.0.0.1:9000", "http://[::1]:9000", "https://a_b.example/x?y=z#w",
        "http://orders:9000", "https://xn--bcher-kva.example",
    ],
)  # fmt: skip
def test_urls(url: str) -> None:
    assert url_problem(url) is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "empty"),
        ("example.com", "no scheme"),
        ("orders:9000", "no scheme"),
        ("//example.com", "no scheme"),
        ("ftp://example.com", "scheme is `ftp`"),
        ("javascript://x", "scheme"),
        ("http://", "no host"),
        ("http:///path", "no host"),
        ("http://user@host", "user name"),
        ("http://user:pw@host", "user name"),
        ("http://host:0", "port"),
        ("http://host:", "port"),
        ("http://host:65536", "malformed"),
        ("http://host:9x", "malformed"),
        ("http://[::1", "malformed"),
        ("http://-host", "malformed"),
        ("http://a..b", "malformed"),
        ("http://a b", "character"),
        ("http://a\tb", "character"),
        ("http://ä.example", "character"),
        ("http://a\\b", "character"),
    ],
)
def test_what_is_no_url_says_why(url: str, problem: str) -> None:
    assert problem in (url_problem(url) or "")


def test_plain_http_is_for_this_machine_only() -> None:
    assert secure_url_problem("https://example.com/jwks?v=1") is None
    assert secure_url_problem("http://127.9.9.9/jwks") is None
    assert secure_url_problem("http://[::1]:8/jwks") is None
    assert secure_url_problem("http://app.localhost/jwks") is None
    assert "loopback" in (secure_url_problem("http://localhost.example.com/jwks") or "")
    assert "loopback" in (secure_url_problem("http://192.168.0.1/jwks") or "")
    assert "fragment" in (secure_url_problem("https://example.com/#a") or "")
    assert "fragment" in (secure_url_problem("https://example.com/#") or "")


def test_an_issuer_has_no_query() -> None:
    assert issuer_problem("https://example.com/realms/main") is None
    assert issuer_problem("https://example.com?x") == "it has a query"
    assert issuer_problem("https://example.com/?") == "it has a query"


def test_an_upstream_is_scheme_host_and_port() -> None:
    assert upstream_problem("http://orders:9000") is None
    assert upstream_problem("http://orders:9000/") == "it has a path: `/`"
    assert upstream_problem("http://orders?x") == "it has a query or a fragment"
    assert upstream_problem("http://orders#") == "it has a query or a fragment"
    assert upstream_problem("orders") == "it has no scheme"


def test_loopback() -> None:
    assert is_loopback("localhost")
    assert is_loopback("127.0.0.1")
    assert not is_loopback("10.0.0.1")
    assert not is_loopback("notlocalhost")


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    for problem in (url_problem, secure_url_problem, issuer_problem, upstream_problem):
        assert problem(text) is None or problem(text)
