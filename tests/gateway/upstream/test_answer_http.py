"""The reader by itself: the same bytes give the same answer in any pieces, and what is not certain is Broken."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.message.forward import NO_EDIT, AnswerEdit
from gateway.upstream.answer_head import FieldNames
from gateway.upstream.answer_http import COUNTED_FROM, AnswerReader, Broken
from gateway.upstream.limits import PoolLimits
from gateway.upstream.ports import LAST, NO_BODY, OLD_CLIENT, UPLOAD

DATE = b"Date: now\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def reader(limits: PoolLimits | None = None) -> AnswerReader:
    return AnswerReader(FieldNames(), limits or PoolLimits(), lambda: DATE)


def read(
    data: bytes, wants: int = 0, edit: AnswerEdit = NO_EDIT, cuts: tuple[int, ...] = ()
) -> tuple[AnswerReader, bytes]:
    """Read one answer in the pieces that the cuts make."""
    one = reader()
    one.expect(edit, wants)
    out = b""
    edges = [0, *sorted(cuts), len(data)]
    for begin, end in itertools.pairwise(edges):
        if begin < end and not one.complete:
            one.feed(data[begin:end])
            out += one.take()
    return one, out


@pytest.mark.parametrize(
    ("wants", "tail"),
    [
        (0, b"\r\n"),
        (LAST, b"Connection: close\r\n\r\n"),
        (UPLOAD, b"Connection: close\r\n\r\n"),
        (OLD_CLIENT, b"Connection: keep-alive\r\n\r\n"),
        (OLD_CLIENT | LAST, b"Connection: close\r\n\r\n"),
    ],
)
def test_the_head_says_what_becomes_of_the_connection(wants: int, tail: bytes) -> None:
    one, out = read(OK, wants)
    assert out == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + DATE + tail + b"ok"
    assert one.last is (b"close" in tail)
    assert one.reusable


def test_an_upload_that_is_complete_in_time_need_not_close() -> None:
    one = reader()
    one.expect(NO_EDIT, UPLOAD)
    one.uploaded()
    one.feed(OK)
    assert one.last is False


@pytest.mark.parametrize(
    ("data", "wants", "framing"),
    [
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            0,
            b"Transfer-Encoding: chunked\r\n",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", OLD_CLIENT, b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", NO_BODY, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", NO_BODY, b"Content-Length: 3\r\n"),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", 0, b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", 0, b"Content-Length: 3\r\n"),
    ],
)
def test_the_framing_that_the_client_gets(data: bytes, wants: int, framing: bytes) -> None:
    one, out = read(data, wants)
    head = out.partition(b"\r\n\r\n")[0] + b"\r\n"
    told = b"".join(
        line + b"\r\n" for line in head.split(b"\r\n") if line.lower().startswith((b"content-l", b"transfer-"))
    )
    assert told == framing
    assert one.complete
    assert one.spoiled is False


def test_after_an_answer_to_head_the_next_one_is_read_from_its_begin() -> None:
    one = reader()
    one.expect(NO_EDIT, NO_BODY)
    one.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
    one.expect(NO_EDIT, 0)
    one.feed(OK)
    assert one.take().endswith(b"ok")
    assert one.reusable


@pytest.mark.parametrize("size", [COUNTED_FROM, COUNTED_FROM + 1, 3 * COUNTED_FROM])
@pytest.mark.parametrize("extra", [b"", b"x"])
def test_a_long_body_ends_where_its_length_says(size: int, extra: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size
    one = reader()
    one.expect(NO_EDIT, 0)
    one.feed(head + b"b" * 10)
    first = one.take()
    one.feed(b"b" * (size - 10) + extra)
    assert (first + one.take()).endswith(b"\r\n\r\n" + b"b" * size)
    assert one.complete
    assert one.reusable is not bool(extra)
    if one.reusable:
        one.expect(NO_EDIT, 0)
        one.feed(OK)
        assert one.take().endswith(b"ok")


def test_a_body_that_the_connection_ends() -> None:
    one, out = read(b"HTTP/1.1 200 OK\r\n\r\nabc")
    assert one.complete is False
    assert one.end() is True
    assert (out + one.take()).endswith(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
    assert one.reusable is False
    assert one.end() is False, "once"


@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1 200 OK\r\n", OK[:-1], b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"]
)
def test_an_end_completes_nothing_else(data: bytes) -> None:
    one, _ = read(data)
    assert one.end() is False
    assert one.begun is bool(data)


def test_an_edit_does_not_touch_the_framing() -> None:
    edit = AnswerEdit(frozenset({b"content-length", b"date", b"x-own"}), (b"content-",), b"X-Own: 1\r\n")
    _, out = read(b"HTTP/1.1 200 OK\r\nContent-Type: a\r\nX-OWN: forged\r\nContent-Length: 2\r\n\r\nok", edit=edit)
    assert out == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + DATE + b"X-Own: 1\r\n\r\nok"


def test_a_field_that_comes_twice_passes_twice_and_a_second_date_does_not() -> None:
    _, out = read(
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nDate: 1\r\nset-cookie: b\r\nDate: 2\r\nContent-Length: 0\r\n\r\n"
    )
    assert out == b"HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nDate: 1\r\nset-cookie: b\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("fields", [127, 128, 129])
def test_the_bound_on_fields(fields: int) -> None:
    data = b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * fields + b"Content-Length: 0\r\n\r\n"
    if fields > 128:
        with pytest.raises(Broken):
            read(data)
    else:
        assert read(data)[1].count(b"X: a") == fields


@pytest.mark.parametrize("size", [500, 2000])
def test_the_bound_on_a_head_holds_in_one_piece_and_in_many(size: int) -> None:
    data = b"HTTP/1.1 200 OK\r\nX: " + b"a" * size + b"\r\nContent-Length: 2000\r\n\r\n" + b"b" * 2000
    for step in (len(data), 100):
        one = reader(PoolLimits(head_bytes=1000))
        one.expect(NO_EDIT, 0)
        try:
            for at in range(0, len(data), step):
                one.feed(data[at : at + step])
        except Broken:
            assert size > 1000
        else:
            assert one.complete
            assert size <= 1000


HEADS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.0 200 Fine\r\n",
        b"HTTP/1.1 404 \r\n",
        b"HTTP/1.1 103 E\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\n",
    ]
)
FIELDS = st.lists(
    st.sampled_from([b"X-A: 1\r\n", b"Connection: x-a\r\n", b"Date: d\r\n", b"Set-Cookie: b\r\n", b"TE: c\r\n"]),
    max_size=4,
)
BODIES = st.sampled_from([
    b"Content-Length: 0\r\n\r\n", b"Content-Length: 3\r\n\r\nabc", b"Content-Length: 20000\r\n\r\n" + b"b" * 20_000,
    b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n", b"\r\nto the end",
])  # fmt: skip


@given(head=HEADS, fields=FIELDS, body=BODIES, wants=st.sampled_from([0, OLD_CLIENT, LAST]), data=st.data())
def test_pieces_do_not_matter(head: bytes, fields: list[bytes], body: bytes, wants: int, data: st.DataObject) -> None:
    if head.startswith(b"HTTP/1.0") and body.startswith(b"Transfer"):
        body = b"Content-Length: 3\r\n\r\nabc"
    answer = head + b"".join(fields) + body
    cuts = tuple(data.draw(st.lists(st.integers(0, len(answer)), max_size=6)))
    whole, out = read(answer, wants)
    pieces, parts = read(answer, wants, cuts=cuts)
    assert (whole.status, whole.last, whole.complete, whole.end()) == (
        pieces.status,
        pieces.last,
        pieces.complete,
        pieces.end(),
    )
    assert unchunked(out + whole.take()) == unchunked(parts + pieces.take())
    assert whole.reusable == pieces.reusable


def unchunked(answer: bytes) -> tuple[bytes, bytes]:
    """Head and body: where an upstream's pieces end decides how a body is cut into chunks, not what it is."""
    head, _, rest = answer.partition(b"\r\n\r\n")
    if b"\r\nTransfer-Encoding: chunked" not in head:
        return head, rest
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        body += rest[: int(size, 16)]
        rest = rest[int(size, 16) + 2 :]
    return head, body


@given(noise=st.binary(max_size=60), cut=st.integers(0, 60))
def test_any_bytes_are_an_answer_or_broken(noise: bytes, cut: int) -> None:
    try:
        one, out = read(b"HTTP/1.1 200 OK\r\n" + noise, cuts=(cut,))
    except Broken:
        return
    assert out == b"" or out.startswith(b"HTTP/1.1 200 OK\r\n")
    assert not one.complete or one.status
