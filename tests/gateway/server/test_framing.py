"""The second look at a request's framing: the table of what passes, and that nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from gateway.server.framing import EMPTY_BODY, HTTP10, HTTP11, UNFRAMED, Framing, Malformed, read_framing
from tests.strategies.played_exchange import PlayedHead


def head(*fields: tuple[str, str], **more: object) -> PlayedHead:
    return PlayedHead(CIMultiDict(fields), **more)  # type: ignore[arg-type]


CODING, LENGTH, EXPECT = "transfer-encoding", "CONTENT-LENGTH", "Expect"

FINE = [
    (head(), True, UNFRAMED),
    (head(version=HTTP10), True, UNFRAMED),
    (head((LENGTH, "0")), True, EMPTY_BODY),
    (head((LENGTH, "5")), False, Framing(True, 5)),
    (head((LENGTH, "5"), version=HTTP10), False, Framing(True, 5)),
    (head((LENGTH, "005")), False, Framing(True, 5)),
    (head((LENGTH, "5"), (EXPECT, "100-Continue")), False, Framing(True, 5, expects=True)),
    (head((LENGTH, "5"), (EXPECT, "100-continue"), version=HTTP10), False, Framing(True, 5)),
    (head((LENGTH, "0"), (EXPECT, "100-continue")), True, EMPTY_BODY),
    (head((CODING, "chunked"), chunked=True), False, Framing(True)),
    (head((CODING, "CHUNKED"), (EXPECT, "100-continue"), chunked=True), False, Framing(True, expects=True)),
]


@pytest.mark.parametrize(("given_head", "bodyless", "framing"), FINE)
def test_what_passes(given_head: PlayedHead, bodyless: bool, framing: Framing) -> None:
    assert read_framing(given_head, bodyless) == framing


BAD = [
    (head(version=(0, 9)), True), (head(version=(2, 0)), True), (head(version=(1, 2)), True),
    (head(method="CONNECT"), True), (head(method="CONNECT"), False),
    (head(), False),
    (head((LENGTH, "5")), True), (head((LENGTH, "0")), False), (head((LENGTH, "18446744073709551615")), True),
    (head((LENGTH, "")), True), (head((LENGTH, "-1")), False), (head((LENGTH, "+1")), False), (head((LENGTH, "1_0")), False),
    (head((LENGTH, "1 ")), False), (head((LENGTH, "\u0661")), False), (head((LENGTH, "5"), chunked=True), False),
    (head((LENGTH, "5"), (EXPECT, "something")), False),
    (head((CODING, "")), True), (head((CODING, "gzip, chunked"), chunked=True), False), (head((CODING, "identity")), True),
    (head((CODING, "chunked")), False), (head((CODING, "chunked"), chunked=True, version=HTTP10), False),
    (head((CODING, "chunked"), (LENGTH, "5"), chunked=True), False), (head((CODING, " chunked"), chunked=True), False),
    (head((CODING, "chunked"), (EXPECT, ""), chunked=True), False),
]  # fmt: skip


@pytest.mark.parametrize(("given_head", "bodyless"), BAD)
def test_what_does_not(given_head: PlayedHead, bodyless: bool) -> None:
    with pytest.raises(Malformed) as complaint:
        read_framing(given_head, bodyless)
    assert str(complaint.value), "for the log"


@given(
    fields=st.lists(
        st.tuples(
            st.sampled_from([CODING, LENGTH, EXPECT]),
            st.sampled_from(["", "0", "5", "chunked", "gzip", "100-continue"]),
        )
    ),
    version=st.sampled_from([HTTP10, HTTP11]),
    chunked=st.booleans(),
    bodyless=st.booleans(),
)
def test_a_body_has_one_framing_or_there_is_none(
    fields: list[tuple[str, str]], version: tuple[int, int], chunked: bool, bodyless: bool
) -> None:
    played = head(*fields, version=version, chunked=chunked)
    try:
        framing = read_framing(played, bodyless)
    except Malformed:
        return
    assert framing.has_body is not bodyless
    assert (framing.length is None) is (chunked or (bodyless and LENGTH not in played.headers))
    assert not (chunked and version == HTTP10)
