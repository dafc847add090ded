import pytest

from policylang.request.prefix import change_prefix, prefix_change
from policylang.request.target import read_target


def changed(path: bytes, strip: str, add: str) -> bytes:
    change = prefix_change(strip, add)
    assert change is not None
    return change_prefix(read_target(path), change)


@pytest.mark.parametrize(
    ("path", "strip", "add", "expected"),
    [
        (b"/v1/orders/7", "/v1", "", b"/orders/7"),
        (b"/v1", "/v1", "", b"/"),
        (b"/v1/", "/v1", "", b"/"),
        (b"/v1", "/v1", "/api", b"/api"),
        (b"/v1/", "/v1", "/api", b"/api/"),
        (b"/v1/orders", "", "/api", b"/api/v1/orders"),
        (b"/", "", "/api", b"/api/"),
        (b"/v%31/a%20b/%7e", "/v1", "/api", b"/api/a%20b/%7e"),
        (b"/a/b/c/", "/a/b", "/x/y", b"/x/y/c/"),
        (b"/v1/v1/x", "/v1", "", b"/v1/x"),
        (b"/a%20b/x", "/a b", "/c d/\u00e9?;", b"/c%20d/%C3%A9%3F%3B/x"),
    ],
)
def test_changes_whole_segments_and_keeps_the_rest(path: bytes, strip: str, add: str, expected: bytes) -> None:
    assert changed(path, strip, add) == expected


@pytest.mark.parametrize("path", [b"/v10/x", b"/v", b"/V1/x", b"/", b"/x/v1"])
def test_a_path_without_the_prefix_is_an_error(path: bytes) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        changed(path, "/v1", "")


def test_a_longer_prefix_than_the_path() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        changed(b"/a", "/a/b", "")


@pytest.mark.parametrize("prefix", ["v1", "/", "/v1/", "//v1", "/v1//x", "/../x", "/./x", "/a/.."])
def test_a_prefix_that_is_no_run_of_segments(prefix: str) -> None:
    with pytest.raises(ValueError, match="whole segments"):
        prefix_change(prefix, "")
    with pytest.raises(ValueError, match="whole segments"):
        prefix_change("", prefix)


def test_no_change_is_none() -> None:
    assert prefix_change("", "") is None
