"""Base URLs of upstreams, taken apart."""

import pytest

from gateway.upstream.target import Target, read_target


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://127.0.0.1:9000", Target("127.0.0.1", 9000, False)),
        ("http://orders.internal", Target("orders.internal", 80, False)),
        ("https://orders.internal/", Target("orders.internal", 443, True)),
        ("http://[::1]:8080", Target("::1", 8080, False)),
        ("HTTP://Orders.Internal:1", Target("orders.internal", 1, False)),
    ],
)
def test_a_base_url(url: str, target: Target) -> None:
    assert read_target(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "", "orders:9000", "ftp://orders", "http://", "http://:9000", "http://orders/path", "http://orders?q", "http://orders#f",
        "http://user:secret@orders", "http://orders:0", "http://orders:65536", "http://orders:x", "unix:///run/orders",
    ],
)  # fmt: skip
def test_what_is_no_base_url(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_target(url)
