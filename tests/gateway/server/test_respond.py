"""Refusals as bytes: the same shape for every kind, and nothing in them that a request could have put there."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gateway.message.refusal import KINDS, Refusal
from gateway.server.respond import CONTINUE, respond
from gateway.upstream.ports import LAST, NO_BODY, OLD_CLIENT

DATE = b"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "schemas" / "problem.v1.json").read_text(encoding="utf-8")
)


def parts(answer: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """Status line, fields and body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    line, *fields = head.split(b"\r\n")
    pairs = [field.partition(b": ")[::2] for field in fields]
    assert len(pairs) == len({name.lower() for name, _ in pairs}), "each field once"
    return line, dict(pairs), body


def test_the_schema_is_a_schema_and_knows_every_kind() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]["code"]["enum"]) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_valid_problem(kind: str) -> None:
    line, fields, body = parts(respond(Refusal(kind, reason="not for clients"), "0a1b", DATE, 0))
    problem = json.loads(body)
    assert list(Draft202012Validator(SCHEMA).iter_errors(problem)) == []
    status, title = KINDS[kind]
    assert problem == {
        "type": f"urn:policylang:problem:{kind}", "title": title, "status": status, "code": kind, "request_id": "0a1b",
    }  # fmt: skip
    assert line.startswith(b"HTTP/1.1 %d " % status)
    assert fields == {
        b"Content-Type": b"application/problem+json", b"Cache-Control": b"no-store", b"X-Request-Id": b"0a1b",
        b"Content-Length": b"%d" % len(body), b"Date": b"Sun, 06 Nov 1994 08:49:37 GMT",
    }  # fmt: skip


def test_only_the_id_and_the_date_vary() -> None:
    one, two = (respond(Refusal("denied", reason=f"r{n}", rule=n), "aaaa", DATE, 0) for n in (1, 2))
    assert one == two


@pytest.mark.parametrize(
    ("wants", "connection"),
    [(0, None), (LAST, b"close"), (OLD_CLIENT, b"keep-alive"), (OLD_CLIENT | LAST, b"close"), (NO_BODY, None)],
)
def test_what_becomes_of_the_connection(wants: int, connection: bytes | None) -> None:
    assert parts(respond(Refusal("no_route"), "0", DATE, wants))[1].get(b"Connection") == connection


def test_an_answer_to_head_tells_the_length_of_what_it_leaves_out() -> None:
    with_body = respond(Refusal("no_route"), "0", DATE, 0)
    without = respond(Refusal("no_route"), "0", DATE, NO_BODY)
    assert with_body.startswith(without)
    assert without.endswith(b"\r\n\r\n")


def test_headers_of_the_refusal_are_added_in_order() -> None:
    refusal = Refusal("credential_missing", headers=[("WWW-Authenticate", 'Bearer realm="a"'), ("Retry-After", "7")])
    answer = respond(refusal, "0", DATE, 0)
    assert b'WWW-Authenticate: Bearer realm="a"\r\nRetry-After: 7\r\n' in answer


@pytest.mark.parametrize("name", ["", "X Y", "X:", "X\r\nY", "X\n", "\u00fc"])
def test_a_name_that_is_no_token_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="field"):
        respond(Refusal("denied", headers=[(name, "a")]), "0", DATE, 0)


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\n", "a\r", "\x00", "a\x7f", "\u00fc"])
def test_a_value_that_is_no_field_value_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="field"):
        respond(Refusal("denied", headers=[("X-A", value)]), "0", DATE, 0)


@pytest.mark.parametrize("request_id", ["", 'a"b', "a\r\nb", "a b", "a" * 129, "\u00fc", "a\n"])
def test_an_id_that_would_have_to_be_quoted_is_refused(request_id: str) -> None:
    with pytest.raises(ValueError, match="request id"):
        respond(Refusal("denied"), request_id, DATE, 0)


@given(name=st.text(max_size=8), value=st.text(max_size=12), request_id=st.text(max_size=8))
def test_whatever_comes_in_one_answer_goes_out(name: str, value: str, request_id: str) -> None:
    try:
        answer = respond(Refusal("limited", headers=[(name, value)]), request_id, DATE, 0)
    except ValueError:
        return
    head, _, body = answer.partition(b"\r\n\r\n")
    assert len(head.split(b"\r\n")) == 7
    assert answer.count(b"\r\n\r\n") == 1
    assert json.loads(body)["request_id"] == request_id


def test_the_interim_answer_is_one() -> None:
    assert CONTINUE == b"HTTP/1.1 100 Continue\r\n\r\n"
