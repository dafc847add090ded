"""References in headers, limits, identity tokens and selects."""

import pytest

from policylang.check.environment import Sink
from policylang.check.expr_purpose import Purpose, check_reference
from policylang.check.model import Ref
from policylang.diagnostics.model import Diagnostic
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes
from policylang.typesys.terms import Enum, Text
from tests.policylang.check.expr_world import world

DECLARATIONS = """
issuer staff { claims { sub: text(1..128)  tenant: slug  scope: set of text  risk: int 0..100 optional
                        plan: one of "free", "gold"  tier: one of "free", "silver"  plans: set of one of "free", "gold"
                        acr: one of "free" optional  seen: time  admin: bool  home: cidr  teams: set of slug optional } }
issuer partner { claims { sub: text(1..64)  tenant: slug  extra: slug } }
metadata { fresh within 30s  roles: set of slug default []  note: text optional }
policy free { grants "x" }
policy gold { grants "y" }
select policy on own, both { use free otherwise }
route own { match GET on "/{tenant: slug}/{id: int 1..9}" trust staff }
route both { match GET on "/both" trust staff, partner }
route shop { match GET on "/shop" trust staff, anonymous }
route health { match GET on "/health" trust anonymous }
"""
HERE = world(DECLARATIONS)


def checked(text: str, purpose: Purpose, *routes: str) -> tuple[Ref | None, list[Diagnostic]]:
    if text.startswith("header."):
        ref: nodes.Ref | nodes.HeaderRef = nodes.HeaderRef(NOWHERE, nodes.Str(NOWHERE, text[7:]))
    else:
        root, name = text.split(".")
        ref = nodes.Ref(NOWHERE, root, name)  # type: ignore[arg-type]
    sink = Sink()
    found = check_reference(ref, HERE.of(*(routes or ("own",))), HERE.names, sink, purpose=purpose)
    assert (found is None) is bool(sink.found)
    return found, sink.found


P = Purpose


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("claims.sub", P.TEMPLATE),
        ("claims.admin", P.TEMPLATE),
        ("claims.home", P.TEMPLATE),
        ("path.id", P.TEMPLATE),
        ("claims.risk", P.TEMPLATE_OMIT),
        ("metadata.note", P.TEMPLATE_OMIT),
        ("header.X-A", P.TEMPLATE_OMIT),
        ("claims.scope", P.JOINED),
        ("policy.grants", P.JOINED),
        ("metadata.roles", P.JOINED),
        ("claims.teams", P.JOINED_OMIT),
        ("claims.tenant", P.LIMIT_KEY),
        ("client.ip", P.LIMIT_KEY),
        ("path.id", P.LIMIT_KEY),
        ("claims.sub", P.SUBJECT),
        ("claims.plan", P.SUBJECT),
        ("claims.risk", P.MINTED),
        ("claims.scope", P.MINTED),
        ("metadata.note", P.MINTED),
        ("path.tenant", P.MINTED),
        ("claims.plan", P.POLICY_NAME),
        ("claims.plans", P.POLICY_NAME),
        ("claims.plans", P.POLICY_NAMES),
    ],
)
def test_what_places_take(text: str, purpose: Purpose) -> None:
    found, complaints = checked(text, purpose)
    assert not complaints
    assert found is not None
    assert f"{found.root}.{found.name}" == text.lower()


@pytest.mark.parametrize(
    ("text", "purpose", "code"),
    [
        ("claims.scope", P.TEMPLATE, "R230"),
        ("client.ip", P.TEMPLATE, "R230"),
        ("claims.scope", P.TEMPLATE_OMIT, "R230"),
        ("claims.sub", P.JOINED, "R230"),
        ("claims.scope", P.LIMIT_KEY, "R230"),
        ("claims.risk", P.LIMIT_KEY, "R204"),
        ("header.X-A", P.LIMIT_KEY, "R204"),
        ("claims.seen", P.SUBJECT, "R230"),
        ("path.id", P.SUBJECT, "R230"),
        ("client.ip", P.MINTED, "R230"),
        ("policy.grants", P.MINTED, "R230"),
        ("claims.risk", P.TEMPLATE, "R204"),
        ("metadata.note", P.TEMPLATE, "R204"),
        ("header.X-A", P.TEMPLATE, "R204"),
        ("claims.teams", P.JOINED, "R204"),
        ("claims.sub", P.POLICY_NAME, "R230"),
        ("path.tenant", P.POLICY_NAME, "R230"),  # the client would choose its policy
        ("claims.tier", P.POLICY_NAME, "R231"),
        ("claims.acr", P.POLICY_NAME, "R204"),
        ("claims.plan", P.POLICY_NAMES, "R230"),
        ("claims.scope", P.POLICY_NAMES, "R230"),
        ("claims.sbu", P.TEMPLATE, "R201"),
        ("metadata.rolse", P.JOINED, "R208"),
        ("path.nothing", P.TEMPLATE, "R209"),
        ("client.address", P.LIMIT_KEY, "R212"),
        ("header.Authorization", P.TEMPLATE_OMIT, "R215"),
    ],
)
def test_what_places_refuse(text: str, purpose: Purpose, code: str) -> None:
    assert [one.code for one in checked(text, purpose)[1]] == [code]


def test_a_claim_that_one_issuer_lacks() -> None:
    assert [one.code for one in checked("claims.extra", P.TEMPLATE, "both")[1]] == ["R204"]
    found, _ = checked("claims.extra", P.TEMPLATE_OMIT, "both")
    assert found is not None
    assert found.optional
    assert [one.code for one in checked("claims.extra", P.TEMPLATE_OMIT, "own")[1]] == ["R202"]


def test_anonymous_requests() -> None:
    assert [one.code for one in checked("claims.sub", P.TEMPLATE, "shop")[1]] == ["R204"]
    found, _ = checked("claims.sub", P.TEMPLATE_OMIT, "shop")
    assert found is not None
    assert found.optional
    assert [one.code for one in checked("claims.sub", P.TEMPLATE_OMIT, "health")[1]] == ["R205"]
    assert [one.code for one in checked("metadata.note", P.TEMPLATE_OMIT, "shop")[1]] == ["R206"]
    assert [one.code for one in checked("claims.sub", P.LIMIT_KEY, "shop")[1]] == ["R204"]


def test_types_are_joined_over_issuers() -> None:
    found, _ = checked("claims.sub", P.TEMPLATE, "both")
    assert found is not None
    assert found.type == Text(1, 128)
    found, _ = checked("claims.plan", P.POLICY_NAME)
    assert found is not None
    assert found.type == Enum(("free", "gold"))


def test_help_is_for_the_place() -> None:
    _, complaints = checked("claims.risk", P.TEMPLATE)
    assert complaints[0].title == "claim `risk` may be absent, so this header has no value"
    assert "omit when absent" in complaints[0].help[0]
    _, complaints = checked("claims.risk", P.LIMIT_KEY)
    assert "share one counter" in complaints[0].help[1]
    _, complaints = checked("claims.tier", P.POLICY_NAME)
    assert "policy silver {" in complaints[0].help[0]


def test_no_cells() -> None:
    sink = Sink()
    ref = nodes.Ref(NOWHERE, "claims", "sub")
    assert check_reference(ref, (), HERE.names, sink, purpose=P.TEMPLATE) is None
    assert not sink.found
