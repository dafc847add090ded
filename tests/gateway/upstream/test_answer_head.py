"""Fields of an answer: what each is to a gateway, and which ones Connection takes away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.upstream.answer_head import (
    CODING,
    CONNECTION,
    DATE,
    HOP,
    LENGTH,
    NAMES_KEPT,
    PASS,
    REASON,
    FieldNames,
    reason_phrase,
    without_listed,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (b"Content-Type", PASS), (b"CONTENT-LENGTH", LENGTH), (b"connection", CONNECTION), (b"Transfer-encoding", CODING),
        (b"Date", DATE), (b"Keep-Alive", HOP), (b"Proxy-Connection", HOP), (b"TE", HOP), (b"Trailer", HOP), (b"Upgrade", HOP),
        (b"Proxy-Authenticate", HOP), (b"Proxy-Authentication-Info", HOP),
        (b"WWW-Authenticate", PASS), (b"Content-Length-X", PASS),
    ],
)  # fmt: skip
def test_the_kind_of_a_field_in_any_case(name: bytes, kind: int) -> None:
    known = FieldNames()[name]
    assert known == (kind, b"\r\n" + name + b": ", name.lower())


def test_names_are_remembered_within_bounds() -> None:
    names = FieldNames()
    for number in range(3 * NAMES_KEPT):
        assert names[b"x-%d" % number][0] == PASS
        assert len(names) <= NAMES_KEPT
    long = b"x" * 5000
    assert names[long][2] == long
    assert long not in names


LINES = [b"\r\nX-A: ", b"1", b"\r\nX-B: ", b"2", b"\r\nx-a: ", b"3"]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ([b"close"], LINES),
        ([b"keep-alive, ,"], LINES),
        ([b"X-A"], LINES[2:4]),
        ([b"close , x-b\t", b"X-a"], []),
        ([b"x-"], LINES),
    ],
)
def test_what_connection_lists_goes(options: list[bytes], kept: list[bytes]) -> None:
    assert without_listed(LINES, options) == kept


token = st.text(alphabet="abAB-", min_size=1, max_size=3).map(str.encode)


@given(names=st.lists(token, max_size=5), listed=st.lists(token, max_size=3))
def test_what_is_not_listed_stays_in_order(names: list[bytes], listed: list[bytes]) -> None:
    lines = [part for name in names for part in (b"\r\n%s: " % name, b"v")]
    gone = {name.lower() for name in listed}
    kept = without_listed(lines, [b", ".join(listed)])
    assert kept[::2] == [b"\r\n%s: " % name for name in names if name.lower() not in gone]


@pytest.mark.parametrize(
    ("reason", "fine"), [(b"", True), (b"It\tWorked \xe9", True), (b"a\x00", False), (b"a\x7f", False), (b"\r", False)]
)
def test_reason_phrases(reason: bytes, fine: bool) -> None:
    assert bool(REASON(reason)) is fine


def test_every_status_that_a_refusal_has_has_a_phrase() -> None:
    from gateway.message.refusal import KINDS

    assert all(reason_phrase(status).isascii() for status, _ in KINDS.values())
