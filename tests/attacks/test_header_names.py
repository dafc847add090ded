"""R16 to R18, as far as names go: a header has one name in every spelling, and no client takes it away again."""

import itertools

import pytest

from policylang.embed import HeaderRefused, connection_listed, fold, is_settable, printable_text


@pytest.mark.parametrize(
    "spelling", ["".join(parts) for parts in itertools.product("xX", "-_", "uU", ["ser"], "-_", ["Id", "ID", "id"])]
)
def test_r16_every_spelling_folds_to_the_name_that_a_rule_sets(spelling: str) -> None:
    assert fold(spelling.encode()) == fold(b"X-User-Id")


def test_r17_connection_names_are_folded_like_the_names_they_would_remove() -> None:
    assert connection_listed([b"close, X_User_ID", b"x-roles"]) == {b"close", fold(b"X-User-Id"), fold(b"X-Roles")}


@pytest.mark.parametrize("value", [b"X-User Id", b"X-User\x00", b'"X-User"', b"X-User;q=1"])
def test_r17_a_connection_that_is_no_list_is_refused(value: bytes) -> None:
    with pytest.raises(HeaderRefused):
        connection_listed([value])


@pytest.mark.parametrize(
    "name", [b"Connection", b"connection", b"CONNECTION", b"Transfer_Encoding", b"x_forwarded_for", b"HOST"]
)
def test_r12_what_delimits_and_forwards_is_nobodys_to_set(name: bytes) -> None:
    assert not is_settable(name)


@pytest.mark.parametrize("value", [b"a\r\nX-Admin: 1", b"a\nb", b"a\x00b", b"a\x7f", b"caf\xc3\xa9", b"a\tb"])
def test_r20_bytes_that_end_a_line_are_no_text(value: bytes) -> None:
    assert printable_text(value) is None
