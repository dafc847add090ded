"""What an allowed request says: headers, identity tokens, charges; and what no value may do to them."""

from typing import Any

import pytest

from policylang.codegen.compiled import CompiledPlan
from policylang.plan.model import Quota, Rate
from policylang.runtime.keys import identity_part, limit_part, route_part, value_part
from policylang.runtime.verdict import Charge, Mint, RequestFacts, Verdict
from tests.policylang.codegen.small_plans import (
    CLIENT,
    EVENT,
    FLAG,
    LEVEL,
    LOGIN,
    PATH_NUMBER,
    PATH_TENANT,
    REQUEST,
    RISK,
    ROLES,
    SCOPE,
    SUB,
    TENANT,
    Build,
    claims_of,
    decide,
    fields_of,
    text,
    texts,
    with_request,
)  # fmt: skip

IDENTITY = b"\1" * 16
RATE = Rate(1, 1_000_000, 1)


def build(**rest: Any) -> Build:
    return Build(**rest).rule("allow", "a")


def verdict(
    made: Build, claims: tuple[Any, ...] | None = None, fields: Any = None, request: RequestFacts = REQUEST
) -> Verdict:
    secrets = {"hush": "s3cret"}
    return decide(CompiledPlan(made.plan(), secrets).cell(0, "GET", 0), claims, fields, request, IDENTITY)


def test_lines_stand_in_the_order_of_folded_names_whenever_they_are_bound() -> None:
    made = build().header("x_b", PATH_TENANT).header("X-C", SUB).header("X-A", text("c")).header("X-D", CLIENT)
    made.header("X-E", joined=ROLES, separator=",")
    said = verdict(made, fields=fields_of(roles=frozenset({"b", "a"}))).set_request
    assert said == b"X-A: c\r\nx_b: acme\r\nX-C: u1\r\nX-D: 10.0.0.1\r\nX-E: a,b\r\n"


def test_scalars_in_templates() -> None:
    made = build().header("X-V", text("f="), FLAG, text(" n="), PATH_NUMBER, text(" t="), LOGIN, text(" r="), RISK)
    assert verdict(made, claims_of(flag=True, login=5, risk=-3)).set_request == b"X-V: f=true n=7 t=5 r=-3\r\n"
    assert verdict(build().header("X-N", PATH_NUMBER)).set_request == b"X-N: 7\r\n"
    assert verdict(build().header("X-F", FLAG)).set_request == b"X-F: false\r\n"


def test_left_out_when_absent_or_empty() -> None:
    absent = build().header("X-R", text("r"), RISK, omit="absent").header("X-E", EVENT, omit="absent")
    assert verdict(absent).set_request == b""
    assert verdict(absent, claims_of(risk=1), request=with_request(headers={"x-event": ""})).set_request == (
        b"X-E: \r\nX-R: r1\r\n"
    )
    empty = build().header("X-S", joined=SCOPE, separator=",", omit="empty").header("X-U", SUB, omit="empty")
    assert verdict(empty, claims_of(sub="")).set_request == b""
    assert verdict(build().header("X-S", joined=SCOPE, separator=",")).set_request == b"X-S: \r\n"


@pytest.mark.parametrize(
    "value",
    ["a\r\nX-Evil: 1", "a\nb", "\x00", "a\tb", "\x7f", "é", "\u2028", "\ud800", " a", "a ", " ", "a" * 4097],
)
def test_a_value_that_cannot_stand_in_a_header_refuses_the_request(value: str) -> None:
    for made in (
        build().header("X-U", SUB),
        build().header("X-U", text("u="), SUB, text(".")) if value.strip(" ") == value else build().header("X-U", SUB),
        build().header("X-U", SUB, direction="response"),
        build().header("X-U", joined=SCOPE, separator=","),
        build().header("X-U", SUB, PATH_TENANT) if value[0] == " " else build().header("X-U", SUB, text("")),
    ):
        refused = verdict(made, claims_of(sub=value, scope=frozenset({value})))
        assert (refused.kind, refused.rule, refused.set_request, refused.charges) == ("render_refused", -1, b"", ())
    late = build().header("X-E", EVENT, omit="absent").header("X-U", SUB)
    assert verdict(late, claims_of(sub=value)).kind == "render_refused"


def test_the_longest_value_travels() -> None:
    assert verdict(build().header("X-U", SUB), claims_of(sub="a" * 4096)).kind == "allow"


def test_an_item_that_contains_its_separator_refuses() -> None:
    made = build().header("X-S", joined=SCOPE, separator=",")
    assert verdict(made, claims_of(scope=frozenset({"a,b"}))).kind == "render_refused"
    assert verdict(made, claims_of(scope=frozenset({"b", "a"}))).set_request == b"X-S: a,b\r\n"


def test_a_value_is_never_read_as_a_template() -> None:
    assert (
        verdict(build().header("X-U", SUB), claims_of(sub="{claims.tenant}")).set_request == b"X-U: {claims.tenant}\r\n"
    )


def test_a_fault_comes_before_a_refusal() -> None:
    made = build().header("X-U", SUB).header("X-L", LEVEL, omit="absent")
    assert verdict(made, claims_of(sub="\n")).kind == "render_fault"
    assert verdict(made, claims_of(sub="\n"), fields_of()).kind == "render_refused"
    assert verdict(made, fields=fields_of()).set_request == b"X-U: u1\r\n"


def test_secrets_and_response_headers() -> None:
    made = build(secrets=("hush",)).header("X-Key", secret="hush").header("X-T", TENANT, direction="response")
    said = verdict(made)
    assert (said.set_request, said.set_response) == (b"X-Key: s3cret\r\n", b"X-T: acme\r\n")


def test_identity_tokens() -> None:
    made = build().token("t", SUB, ("tenant", TENANT), ("scope", SCOPE), ("risk", RISK), ("path", PATH_NUMBER))
    made.token("u", LOGIN, ("roles", ROLES), ("flag", FLAG))
    said = verdict(made, claims_of(login=5, scope=frozenset({"b", "a"})), fields_of(roles=frozenset({"r"})))
    assert said.mints == (
        Mint(0, "u1", {"tenant": "acme", "scope": ["a", "b"], "path": 7}),
        Mint(1, "5", {"roles": ["r"], "flag": False}),
    )
    assert verdict(made, claims_of(login=5)).kind == "render_fault"
    assert verdict(made, fields=fields_of()).kind == "render_refused", "a subject is never left out"


def test_a_control_character_is_a_claim_of_a_token_like_any_other() -> None:
    assert verdict(build().token("t", SUB), claims_of(sub="a\r\nb")).mints[0].subject == "a\r\nb"


def test_charges() -> None:
    made = (
        build().limit("by_id", "identity", RATE).limit("by_ref", "ref", RATE, TENANT).limit("by_route", "route", RATE)
    )
    made.limit("late", "ref", RATE, CLIENT).limit("none", "route", Quota(None, None, 0, "UTC"))
    expected = {"by_id": identity_part(IDENTITY), "by_ref": value_part("acme"), "by_route": route_part("r")}
    expected["late"] = value_part("10.0.0.1")
    assert verdict(made).charges == tuple(
        Charge(name, limit_part(name) + part, RATE, "deny") for name, part in expected.items()
    )


def test_a_limit_by_what_is_not_to_be_had_refuses() -> None:
    assert verdict(build().limit("l", "ref", RATE, LEVEL), fields=None).kind == "render_fault"
    assert verdict(build().limit("l", "ref", RATE, RISK)).kind == "render_refused"


def test_any_number_of_headers() -> None:
    made = build()
    for i in range(1200):
        made.header(f"X-{i:04}", SUB if i % 2 else CLIENT)
    said = verdict(made)
    assert said.set_request.count(b"\r\n") == 1200
    assert said.set_request.startswith(b"X-0000: 10.0.0.1\r\nX-0001: u1\r\n")
    assert verdict(made, claims_of(sub="\n")).kind == "render_refused"


def test_literals_in_every_place() -> None:
    made = build().header("X-L", text("é")).header("X-M", text("a"), SUB)
    assert verdict(made).kind == "render_refused"
    joined = build().header("X-J", joined=texts("b", "a"), separator="; ")
    assert verdict(joined).set_request == b"X-J: a; b\r\n"
