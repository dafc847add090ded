import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.runtime.rendering import MAX_VALUE, HeaderLine, block, is_field_text, mint, text_of

LINE = HeaderLine("X-User", None, ",")


def test_scalars_as_text() -> None:
    assert [text_of(value) for value in ("a", 7, -1, True, False, None)] == ["a", "7", "-1", "true", "false", None]


@pytest.mark.parametrize("text", ["a", "a b", "~!", "", "a" * MAX_VALUE, "{x}", "%0d%0a", ":,;"])
def test_texts_that_travel(text: str) -> None:
    assert is_field_text(text)
    assert LINE.text(text) == f"X-User: {text}\r\n".encode("ascii")


@pytest.mark.parametrize("text", ["a\r", "\n", "\x00", "\t", "\x1f", "\x7f", "\x80", "é", "\ud800", " a", "a ", " "])
def test_texts_that_do_not(text: str) -> None:
    assert not is_field_text(text)
    assert LINE.text(text) is None
    assert LINE.joined(frozenset({text})) is None


@given(st.text())
def test_a_line_is_one_line_whatever_the_value(text: str) -> None:
    line = LINE.text(text)
    assert line is None or (line.count(b"\r\n") == 1 and line.endswith(b"\r\n") and line.count(b"\n") == 1)
    assert line is None or line[8:-2].decode("ascii") == text


def test_what_is_left_out() -> None:
    absent, empty = HeaderLine("X-A", "absent", ","), HeaderLine("X-A", "empty", ",")
    assert (LINE.text(None), absent.text(None), empty.text(None)) == (None, b"", b"")
    assert (LINE.text(""), absent.text(""), empty.text("")) == (b"X-User: \r\n", b"X-A: \r\n", b"")
    assert (LINE.joined(None), absent.joined(None), empty.joined(frozenset())) == (None, b"", b"")


def test_sets_are_joined_in_code_point_order() -> None:
    assert LINE.joined(frozenset({"b", "a", "B"})) == b"X-User: B,a,b\r\n"
    assert LINE.joined(frozenset({"a,b", "c"})) is None
    assert LINE.joined(frozenset({"a" * 4000, "b" * 96})) is None


@given(st.frozensets(st.text("ab,", min_size=1, max_size=3), max_size=4))
def test_two_sets_are_never_joined_to_one_text(items: frozenset[str]) -> None:
    line = LINE.joined(items)
    if line is not None and items:
        assert frozenset(line[8:-2].decode().split(",")) == items


def test_blocks() -> None:
    assert block(()) == b""
    assert block((b"A: 1\r\n", b"", b"B: 2\r\n")) == b"A: 1\r\nB: 2\r\n"
    assert block((b"A: 1\r\n", None)) is None


def test_what_an_identity_token_says() -> None:
    said = mint(3, "u1", (("a", frozenset({"y", "x"})), ("b", None), ("c", False), ("d", 0), ("e", "")))
    assert (said.token, said.subject, said.claims) == (3, "u1", {"a": ["x", "y"], "c": False, "d": 0, "e": ""})
