"""What no store takes, and refusals that repeat nothing."""

import pytest

from gateway.records.bounds import LAST_MICROS, RecordRefused, check_name, check_page, check_write
from gateway.records.port import MAX_CONTENT_BYTES, MAX_NAME, MAX_PAGE


@pytest.mark.parametrize("name", ["a", "Z", "0", "a.b_c:d-e", "x" * MAX_NAME])
def test_names(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name", ["", "ana secret", "ana/secret", "ä", "a\n", "\x00", "a*", "{a}", "x" * (MAX_NAME + 1)]
)
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(RecordRefused) as caught:
        check_name(name)
    assert "secret" not in str(caught.value)


def test_writes() -> None:
    check_write("a", b"x" * MAX_CONTENT_BYTES, LAST_MICROS)
    with pytest.raises(RecordRefused, match="holds 65536 bytes at the most"):
        check_write("a", b"x" * (MAX_CONTENT_BYTES + 1), 0)
    for expires in (-1, LAST_MICROS + 1):
        with pytest.raises(RecordRefused, match="ends at an instant"):
            check_write("a", b"", expires)
    with pytest.raises(RecordRefused, match="name"):
        check_write("", b"", 0)


def test_pages() -> None:
    check_page("", "", 1)
    check_page("key:", "x" * MAX_NAME, MAX_PAGE)
    for limit in (0, -1, MAX_PAGE + 1):
        with pytest.raises(RecordRefused, match="a page has 1 to 1000"):
            check_page("", "", limit)
    for prefix, after in (("a*", ""), ("", "[a"), ("\xff", "")):
        with pytest.raises(RecordRefused, match="parts of names"):
            check_page(prefix, after, 1)
