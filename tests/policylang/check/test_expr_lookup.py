"""What references name: types joined over cells, and the names that nothing has."""

import pytest

from policylang.check import model
from policylang.check.environment import Sink
from policylang.check.infer import check_condition
from policylang.syntax import nodes
from policylang.typesys.terms import Enum, Int, SetOf, Text, Type
from tests.policylang.check.expr_world import STAFF_AND_PARTNER, codes, typed, world


def types(text: str, *routes: str, lets: str = "") -> dict[str, Type]:
    """The types of the references of a condition that is fine."""
    here = world(f"{STAFF_AND_PARTNER}{lets}\ndeny it on all when {text}")
    rule = next(item for item in here.items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    found = check_condition(rule.when, here.of(*routes), here.names, sink := Sink())
    assert found is not None, sink.found
    return {f"{ref.root}.{ref.name}": ref.type for ref in references(found)}


def references(expr: model.TypedExpr) -> list[model.Ref]:
    found = [expr] if isinstance(expr, model.Ref) else []
    for name in ("operand", "left", "right", "item", "items", "container", "ref", "subject", "default"):
        inner = getattr(expr, name, None)
        if inner is not None:
            found += references(inner)
    for inner in getattr(expr, "operands", ()):
        found += references(inner)
    return found


def test_types_are_joined_over_issuers() -> None:
    assert types('claims.plan == "free"', "orders")["claims.plan"] == Enum(("bulk", "free", "gold"))
    assert types('claims.plan == "bulk"', "orders")["claims.plan"] == Enum(("bulk", "free", "gold"))
    assert types('claims.sub == "x"', "orders")["claims.sub"] == Text(1, 128)
    assert types("(claims.risk ?? 500) > 500", "orders")["claims.risk"] == Int(0, 1000)


def test_narrowing_narrows_types() -> None:
    narrowed = types("issuer is staff and claims.level > 5", "orders")
    assert narrowed["claims.level"] == Int(0, 9)
    assert codes('issuer is partner and claims.plan == "gold"', "orders") == ["R232"]


def test_a_let_has_the_types_of_all_that_declare_it() -> None:
    lets = 'let bulk = claims.plan == "bulk"'
    assert codes('claims.plan == "bulk"', "own") == ["R232"]
    assert codes("claims.admin or bulk", "own", lets=lets) == []
    assert types("claims.admin or bulk", "own", lets=lets)["claims.plan"] == Enum(("bulk", "free", "gold"))


def test_a_let_takes_only_declarations_of_its_own_kind() -> None:
    assert types("claims.admin or high", "own", lets="let high = claims.level > 5")["claims.level"] == Int(0, 9)


def test_grants_are_those_of_the_route() -> None:
    assert types('"orders:read" in policy.grants', "own")["policy.grants"] == SetOf(
        Enum(("orders:export", "orders:read"))
    )
    bare = STAFF_AND_PARTNER.replace(
        'policy reader { grants "orders:read" }', "policy reader { quota unlimited }"
    ).replace('policy gold { grants "orders:read", "orders:export" }', "policy gold { quota unlimited }")
    assert codes('"orders:read" in policy.grants', "own", around=bare) == ["R232"]


def test_captures_are_joined_and_must_be_of_one_kind() -> None:
    assert codes("path.id > 3", "orders") == []
    assert codes("path.id > 3", "orders", "hook") == ["R203"]
    assert codes("path.id > 3", "orders", "own") == ["R210"]


@pytest.mark.parametrize(
    ("text", "routes", "code"),
    [
        ("claims.nothing_at_all", ("own",), "R201"),
        ("claims.events == []", ("own",), "R202"),
        ("claims.events absent", ("own",), "R202"),
        ('claims.level == "x"', ("orders",), "R203"),
        ("claims.sub present", ("health",), "R205"),
        ("metadata.blocked", ("shop",), "R206"),
        ("metadata.note absent", ("shop",), "R206"),
        ("metadata.nothing", ("own",), "R208"),
        ("path.nothing == 3", ("own",), "R209"),
        ("path.id == 3", ("own",), "R210"),
        ('"x" in policy.grants', ("hook",), "R211"),
        ("policy.limits == 3", ("own",), "R212"),
        ("client.port == 3", ("own",), "R212"),
        ('header["Host"] present', ("own",), "R215"),
        ('header["host"] present', ("own",), "R215"),
        ('header["X-Forwarded-Proto"] present', ("own",), "R215"),
        ('header["X-Real-IP"] present', ("own",), "R215"),
        ('header["Proxy-Authorization"] present', ("own",), "R215"),
        ('header["Transfer-Encoding"] present', ("own",), "R215"),
    ],
)
def test_names_that_are_not_there(text: str, routes: tuple[str, ...], code: str) -> None:
    assert codes(text, *routes) == [code]


def test_metadata_needs_its_block() -> None:
    without = "\n".join(line for line in STAFF_AND_PARTNER.splitlines() if not line.startswith("metadata "))
    assert codes("metadata.blocked", "own", around=without) == ["R207"]


def test_forwarding_headers_are_known_by_their_prefix() -> None:
    assert codes('header["X-Forwarded-Anything"] present', "own") == ["R215"]
    assert codes('header["X-Forward"] present', "own") == []


def test_only_live_cases_must_know_a_name() -> None:
    assert codes("issuer is not anonymous and metadata.blocked", "shop", "health") == []
    assert codes('issuer is anonymous or "x" in claims.scope', "shop") == []
    assert codes('issuer is anonymous and "x" in claims.scope', "shop") == ["R202"]


def test_a_misspelt_name_is_fixed_whole() -> None:
    complaint = typed("claims.rsik > 3", "own")[1][0]
    assert [(edit.span, edit.text) for edit in complaint.edits] == [(complaint.span, "claims.risk")]
