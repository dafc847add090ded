import pytest

from policylang.check.model import IdentityToken
from tests.policylang.check.rule_sets import HEALTH, issuer, only, route, sound, told


def token(fields: str = "", name: str = "tok", scope: str = "orders", **given: str) -> str:
    usual = {"audience": '"svc"', "subject": "claims.sub", "lifetime": "60s", "header": "X-Identity"}
    lines = [f"{field} {value}" for field, value in {**usual, **given}.items() if value]
    return f"identity token {name} on {scope} {{ {' '.join(lines)} {fields} }}\n"


def made(text: str) -> IdentityToken:
    (identity_token,) = sound(text).identity_tokens
    return identity_token


def test_what_a_token_says_arrives() -> None:
    it = made(token("claims { tenant: path.tenant  plan: claims.plan }", header="Authorization bearer"))
    assert (it.audience, it.subject.name, it.lifetime_micros) == ("svc", "sub", 60_000_000)
    assert (it.header, it.bearer) == ("Authorization", True)
    assert [(name, ref.root) for name, ref in it.claims] == [("plan", "claims"), ("tenant", "path")]


@pytest.mark.parametrize("field", ["audience", "subject", "lifetime", "header"])
def test_a_token_needs_these(field: str) -> None:
    given = {field: ""}
    assert only(token(**given)).title == f"identity token `tok` has no `{field}`"


@pytest.mark.parametrize(
    ("fields", "given", "codes"),
    [
        ('audience "b"', {}, ["R255"]),
        ("subject claims.tenant", {}, ["R255"]),
        ("lifetime 5s", {}, ["R255"]),
        ("header X-Other", {}, ["R255"]),
        ("claims { x: claims.plan } claims { y: claims.plan }", {}, ["R255"]),
        ("", {"lifetime": "5s"}, []),
        ("", {"lifetime": "4999ms"}, ["R258"]),
        ("", {"lifetime": "1h"}, []),
        ("", {"lifetime": "61min"}, ["R258"]),
        ("", {"header": "Host"}, ["R600"]),
        ("", {"header": "X-Forwarded-Identity"}, ["R600"]),
        ("", {"subject": "claims.risk"}, ["R230"]),
        ("", {"subject": "claims.nothing"}, ["R201"]),
        ("", {"audience": '""'}, ["R260"]),
        ("claims { risk: claims.risk }", {}, []),
        ("claims { sub: claims.plan }", {}, ["R609"]),
        ("claims { iss: claims.plan  jti: claims.plan }", {}, ["R609", "R609"]),
        ("claims { x: claims.plan  x: claims.sub }", {}, ["R250"]),
        ("claims { x: claims.nothing }", {}, ["R201"]),
        ("claims { ip: client.ip }", {}, ["R230"]),
    ],
)
def test_fields(fields: str, given: dict[str, str], codes: list[str]) -> None:
    assert told(token(fields, **given)) == codes


def test_two_tokens_of_one_route_have_different_headers() -> None:
    assert told(token() + token(name="other")) == ["R602"]
    assert told(token() + token(name="other", header='"x_identity"')) == ["R602"]
    assert told(token() + token(name="other", header="X-Other")) == []
    assert told(token() + route("items") + token(name="other", scope="items")) == []


def test_a_route_without_callers_has_no_token() -> None:
    assert told(HEALTH + token(scope="health")) == ["R610"]
    assert told(HEALTH + token(scope="all")) == ["R610"]


def test_callers_without_a_credential_get_no_token() -> None:
    it = made(route("shop", trust="corp, anonymous") + token("claims { tenant: claims.tenant }", scope="shop"))
    assert it.routes == ("shop",)
    assert not it.subject.optional
    assert not it.claims[0][1].optional


def test_a_subject_that_one_issuer_lacks() -> None:
    text = issuer("bots", identity="by claims.id", claims="id: text") + route("shop", trust="corp, bots")
    assert told(text + token(scope="shop")) == ["R204"]


def test_an_unknown_issuer_is_not_told_as_a_missing_caller() -> None:
    assert told(route("shop", trust="crop, anonymous") + token(scope="shop")) == ["R252"]
