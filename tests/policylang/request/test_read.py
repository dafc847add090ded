"""Headers that rules read: one printable value, or a refusal, or a fault for shadows."""

import pytest

from policylang.request.errors import HeaderRefused
from policylang.request.read import NOTHING_READ, read_headers

EVENT = frozenset({"x-event"})
NONE: frozenset[str] = frozenset()


def test_only_what_is_asked_for_is_read() -> None:
    lines = [(b"X-EVENT", b"order.paid"), (b"X_Event", b"other"), (b"Cookie", b"\xff")]
    assert read_headers(lines, EVENT, NONE).values == {"x-event": "order.paid"}
    assert read_headers(lines, NONE, NONE) is NOTHING_READ


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([(b"X-Event", b"a"), (b"x-event", b"a")], "header_repeated"),
        ([(b"X-Event", b"\xc3\xa9")], "header_not_text"),
        ([(b"X-Event", b"a\tb")], "header_not_text"),
        ([(b"X-Event", b"a"), (b"X-Event", b"\x00")], "header_not_text"),
    ],
)
def test_strict_and_lenient(lines: list[tuple[bytes, bytes]], reason: str) -> None:
    with pytest.raises(HeaderRefused) as refused:
        read_headers(lines, EVENT, EVENT)
    assert refused.value.reason == reason
    found = read_headers(lines, NONE, EVENT)
    assert found.values == {}
    assert found.unreadable == EVENT


def test_an_unreadable_header_stays_so() -> None:
    lines = [(b"X-Event", b"a"), (b"X-Event", b"b"), (b"X-Event", b"c")]
    assert read_headers(lines, NONE, EVENT).unreadable == EVENT
    assert read_headers(lines, NONE, EVENT).values == {}


def test_an_empty_value_is_a_value() -> None:
    assert read_headers([(b"X-Event", b"")], EVENT, NONE).values == {"x-event": ""}
