import pytest

from policylang.request.errors import HeaderRefused
from policylang.request.fields import (
    FORWARDING,
    FRAMING,
    HOP_BY_HOP,
    UNSETTABLE,
    connection_listed,
    fold,
    is_field_name,
    is_field_value,
    is_forwarding,
    is_settable,
    printable_text,
)


@pytest.mark.parametrize("name", [b"X-User-Id", b"x-user-id", b"X_USER_ID", b"x_User-iD"])
def test_spellings_of_one_name(name: bytes) -> None:
    assert fold(name) == b"x-user-id"


def test_what_makers_of_variables_take_for_one_name_is_one() -> None:
    marks = b"!#$%&'*+-.^_`|~"  # RFC 9110 section 5.6.2
    assert {fold(b"X" + bytes([mark]) + b"User") for mark in marks} == {b"x-user"}


def test_names_that_are_not_one() -> None:
    assert len({fold(name) for name in (b"X-User", b"XUser", b"X--User", b"X-User-", b"X-Us\xe9r")}) == 5


def test_tables_are_folded() -> None:
    assert all(fold(name) == name for name in (*HOP_BY_HOP, *FRAMING, *UNSETTABLE, *FORWARDING))
    assert HOP_BY_HOP | FRAMING <= UNSETTABLE


@pytest.mark.parametrize(
    "name",
    [
        b"Forwarded",
        b"X-Forwarded-For",
        b"x_forwarded_proto",
        b"X-Forwarded",
        b"X-Forwarded-Anything-New",
        b"X-Real-IP",
        b"X_Original_URL",
        b"X-Rewrite-Url",
        b"forwarded_for",
    ],
)
def test_forwarding_is_known_by_its_beginning(name: bytes) -> None:
    assert is_forwarding(fold(name))
    assert not is_settable(name)


@pytest.mark.parametrize("name", [b"X-Forward", b"For", b"X-Real", b"X-User", b"Authorization"])
def test_other_names_may_be_set(name: bytes) -> None:
    assert not is_forwarding(fold(name))
    assert is_settable(name)


@pytest.mark.parametrize(
    "name",
    [
        b"Host",
        b"Content-Length",
        b"content_length",
        b"Transfer-Encoding",
        b"TE",
        b"Trailer",
        b"Upgrade",
        b"Connection",
        b"Keep-Alive",
        b"Proxy-Connection",
        b"Proxy_Authorization",
        b"Expect",
        b"",
        b"X User",
        b"X:User",
        b"X-\r\nEvil: 1",
    ],
)
def test_names_that_no_rule_may_set(name: bytes) -> None:
    assert not is_settable(name)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([], set()),
        ([b"close"], {b"close"}),
        ([b"keep-alive, X-User"], {b"keep-alive", b"x-user"}),
        ([b"X_User", b"\tx-roles ,, "], {b"x-user", b"x-roles"}),
        ([b""], set()),
    ],
)
def test_connection_lists_names_folded(values: list[bytes], names: set[bytes]) -> None:
    assert connection_listed(values) == names


@pytest.mark.parametrize("value", [b"a b", b"a;b", b'"a"', b"a\x00", b"\xe9", b"close, x y", b"a=b"])
def test_connection_that_is_no_list_of_names(value: bytes) -> None:
    with pytest.raises(HeaderRefused, match="connection_invalid"):
        connection_listed([value])


@pytest.mark.parametrize(("name", "good"), [(b"X-User", True), (b"a", True), (b"!#$%&'*+-.^_`|~9", True), (b"", False)])
def test_field_names(name: bytes, good: bool) -> None:
    assert is_field_name(name) is good


@pytest.mark.parametrize("code", [*range(33), *b'"(),/:;<=>?@[\\]{}', 127, 128, 255])
def test_bytes_that_no_field_name_has(code: int) -> None:
    assert not is_field_name(b"X" + bytes((code,)))


@pytest.mark.parametrize("value", [b"", b"a", b"a b", b"a\tb", b"\xe9", b"!~"])
def test_field_values(value: bytes) -> None:
    assert is_field_value(value)


@pytest.mark.parametrize("value", [b" a", b"a ", b"\ta", b"a\r\nb", b"a\n", b"a\x00b", b"\x7f", b"a\x0b", b" "])
def test_what_no_field_value_is(value: bytes) -> None:
    assert not is_field_value(value)


def test_printable_text_is_ascii_without_controls() -> None:
    assert printable_text(b"") == ""
    assert printable_text(bytes(range(32, 127))) == bytes(range(32, 127)).decode()
    assert all(printable_text(b"a" + bytes((code,))) is None for code in (*range(32), *range(127, 256)))
