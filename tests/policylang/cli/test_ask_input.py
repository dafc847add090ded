"""Questions from the command line: what is filled in, what is taken as it is, and what cannot be understood."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import pytest

from policylang.cli.ask_input import Given, ask_of
from policylang.compiler import compile_tree
from policylang.plan.model import Mark, Plan
from policylang.source.tree import tree_of
from tests.strategies.spine import HEAD, UPSTREAM

GIVEN = Given("GET /a?x=1", (), "gateway.test", None, None, None, None, "2026-02-01T12:00:00Z", "127.0.0.1")
AT = 1_769_947_200
RULES = f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\nallow x on a always\n'


def plan(text: str = HEAD + RULES) -> Plan:
    made = compile_tree(tree_of({"a.rules": text}), None).plan
    assert made is not None
    return made


PLAN = plan()
ROBOTS = HEAD.removeprefix("language 1\n").replace("corp", "robots")
TWO = plan(HEAD + ROBOTS + RULES.replace("trust corp", "trust corp, robots"))


def payload(given: Given, of: Plan = PLAN) -> dict[str, Any]:
    found = ask_of(given, of).payload
    assert found is not None
    made: dict[str, Any] = json.loads(found)
    return made


def test_a_bare_question() -> None:
    ask = ask_of(replace(GIVEN, headers=("X-A: 1", "x-a:  b:c ", "Empty:")), PLAN)
    assert (ask.method, ask.target, ask.host, ask.now) == ("GET", "/a?x=1", "gateway.test", AT * 1_000_000)
    assert ask.headers == (("X-A", "1"), ("x-a", "b:c"), ("Empty", ""))
    assert (ask.payload, ask.metadata, ask.client_ip) == (None, {}, "127.0.0.1")


def test_claims_are_completed_and_what_is_given_wins() -> None:
    assert payload(replace(GIVEN, claims='{"sub": "u1"}')) == {
        "iss": "https://corp.test", "aud": "api", "iat": AT, "exp": AT + 1800, "sub": "u1",
    }  # fmt: skip
    assert payload(replace(GIVEN, claims='{"iss": "x", "exp": null}'))["exp"] is None


def test_lifetimes_and_marks_of_the_issuer_are_kept() -> None:
    issuer = replace(PLAN.issuers[0], lifetime_micros=60_000_000, marked=Mark(("gty",), "robot"))
    marked = replace(PLAN, issuers=(issuer,))
    found = payload(replace(GIVEN, claims="{}"), marked)
    assert (found["exp"] - found["iat"], found["gty"]) == (60, "robot")
    deep = replace(PLAN, issuers=(replace(issuer, marked=Mark(("a", "b"), "robot")),))
    assert "a" not in payload(replace(GIVEN, claims="{}"), deep)


def test_whose_claims_they_are() -> None:
    assert payload(replace(GIVEN, claims="{}", issuer="robots"), TWO)["iss"] == "https://robots.test"
    with pytest.raises(click.UsageError, match="--issuer, one of corp, robots"):
        ask_of(replace(GIVEN, claims="{}"), TWO)
    with pytest.raises(click.UsageError, match="no issuer is called x; there are corp, robots"):
        ask_of(replace(GIVEN, claims="{}", issuer="x"), TWO)


RING = "keyring ring { identity by claims.sub  claims { sub: text } }\n"
RINGED = plan(HEAD + RING + RULES.replace("trust corp", "trust corp, ring"))


def test_claims_of_an_access_key_are_taken_as_they_are() -> None:
    ask = ask_of(replace(GIVEN, claims='{"sub": "a"}', issuer="ring"), RINGED)
    assert (json.loads(ask.payload or b""), ask.keyring) == ({"sub": "a"}, "ring")
    assert ask_of(replace(GIVEN, claims="{}", issuer="corp"), RINGED).keyring is None
    assert ask_of(GIVEN, RINGED).keyring is None
    with pytest.raises(click.UsageError, match="--issuer, one of corp, ring"):
        ask_of(replace(GIVEN, claims="{}"), RINGED)


def test_an_access_key_says_nothing_by_itself() -> None:
    key = f"0123456789abcdef.{'A' * 43}"
    with pytest.raises(click.UsageError, match="this is an access key") as caught:
        ask_of(replace(GIVEN, token=key), RINGED)
    assert "AAAA" not in str(caught.value)


def test_a_token_is_taken_as_it_is() -> None:
    part = base64.urlsafe_b64encode(b'{"sub":  "u1"}').rstrip(b"=").decode()
    for text in (f"e30.{part}.AA", f"Bearer e30.{part}.AA\n"):
        ask = ask_of(replace(GIVEN, token=text), PLAN)
        assert (ask.token, ask.payload) == (f"e30.{part}.AA".encode(), None)
    assert ask_of(replace(GIVEN, token="a.b.c.d.e"), PLAN).token == b"a.b.c.d.e", "encrypted: a gateway has an answer"
    with pytest.raises(click.UsageError, match="not both"):
        ask_of(replace(GIVEN, token="a.b.c", claims="{}"), PLAN)
    for text in ("", "secretvalue", "a.!secretvalue!.c", "a.é.c"):
        with pytest.raises(click.UsageError, match="no token in compact form") as caught:
            ask_of(replace(GIVEN, token=text), PLAN)
        assert "secretvalue" not in str(caught.value)


def test_metadata_can_be_down() -> None:
    assert ask_of(replace(GIVEN, metadata="down"), PLAN).metadata is None
    assert ask_of(replace(GIVEN, metadata='{"roles": []}'), PLAN).metadata == {"roles": []}


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-02-01T12:00:00Z", AT * 1_000_000),
        ("2026-02-01T13:00:00+01:00", AT * 1_000_000),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
    ],
)
def test_instants(text: str, micros: int) -> None:
    assert ask_of(replace(GIVEN, at=text), PLAN).now == micros


def test_instants_are_exact_to_the_microsecond() -> None:
    start = datetime(2026, 2, 1, 12, tzinfo=UTC)
    for step in range(1000):
        text = (start + timedelta(microseconds=step)).isoformat()
        assert ask_of(replace(GIVEN, at=text), PLAN).now == AT * 1_000_000 + step


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"request": "/a"}, "method and a target"),
        ({"request": "GET"}, "method and a target"),
        ({"request": "GET http://a/"}, "method and a target"),
        ({"request": " /a"}, "method and a target"),
        ({"claims": "{"}, "--claims is not JSON"),
        ({"claims": "[" * 100_000}, "--claims is not JSON"),
        ({"claims": "7"}, "not a JSON object"),
        ({"metadata": "up"}, "--metadata is not JSON"),
        ({"metadata": "[]"}, "--metadata is not a JSON object"),
        ({"headers": ("Authorization sesame",)}, "Name: value"),
        ({"headers": (": sesame",)}, "Name: value"),
        ({"at": "now"}, "--at is an instant"),
        ({"at": "2026-02-01T12:00:00"}, "time zone"),
    ],
)
def test_what_cannot_be_understood(change: dict[str, Any], said: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        ask_of(replace(GIVEN, **change), PLAN)
    assert said in str(caught.value)
    assert "sesame" not in str(caught.value)
