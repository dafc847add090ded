"""Every operator, two-valued and three-valued, early and late: compiled conditions against values worked out by hand."""

from typing import Any

import pytest

from policylang.codegen.compiled import CompiledPlan
from policylang.plan.model import Expr
from policylang.runtime.cell import Fields
from policylang.runtime.verdict import RequestFacts
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    CLIENT,
    EVENT,
    FLAG,
    LEVEL,
    LOGIN,
    NETS,
    PATH_NUMBER,
    PATH_TENANT,
    REQUEST,
    RISK,
    ROLES,
    SCOPE,
    SINCE,
    SUB,
    TENANT,
    Build,
    claims_of,
    decide,
    eq,
    fields_of,
    nets,
    number,
    text,
    texts,
    with_request,
)  # fmt: skip

UP = fields_of(blocked=True, level=5, roles=frozenset({"sre"}), since=900)


def truth(
    expr: Expr, claims: tuple[Any, ...] | None = None, fields: Fields | None = UP, request: RequestFacts = REQUEST
) -> bool | None:
    """What a condition comes to, as a shadow rule tells it."""
    compiled = CompiledPlan(Build().rule("shadow deny", "s", expr).plan(), {})
    verdict = decide(compiled.cell(0, "GET", 0), claims, fields, request)
    assert verdict.shadows[0][0] == 0
    return verdict.shadows[0][1]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (eq(SUB, text("u1")), True),
        (eq(SUB, text("U1")), False),
        (("cmp", "ne", TENANT, PATH_TENANT), False),
        (("cmp", "lt", text("B"), SUB), True),
        (("cmp", "le", PATH_NUMBER, number(7)), True),
        (("cmp", "gt", PATH_NUMBER, number(7)), False),
        (("cmp", "ge", ("add", PATH_NUMBER, number(1)), number(8)), True),
        (("cmp", "eq", ("sub", PATH_NUMBER, number(8)), number(-1)), True),
        (eq(SCOPE, texts("a", "b")), True),
        (eq(FLAG, ("present", RISK)), True),
        (("in", text("a"), SCOPE), True),
        (("in", text("ab"), SCOPE), False),
        (("in", PATH_TENANT, texts("acme", "x")), True),
        (("innet", CLIENT, nets("10.0.0.0/8")), True),
        (("innet", CLIENT, nets("fd00::/8", "192.0.2.0/24")), False),
        (("innet", CLIENT, NETS), True),
        (("meets", "any", SCOPE, texts("b", "z")), True),
        (("meets", "any", SCOPE, texts("z")), False),
        (("meets", "all", texts("a"), SCOPE), True),
        (("meets", "all", texts("a", "z"), SCOPE), False),
        (("meets", "any", texts(), SCOPE), False),
        (("meets", "all", texts(), SCOPE), True),
        (("starts", SUB, "u"), True),
        (("ends", PATH_TENANT, "me"), True),
        (("glob", PATH_TENANT, "a*?e"), True),
        (("glob", SUB, "u"), False),
        (("issuer", "corp"), True),
        (("issuer", None), False),
        (("present", RISK), False),
        (("present", SUB), True),
        (("present", EVENT), True),
        (eq(("else", RISK, number(3)), number(3)), True),
        (eq(("else", EVENT, text("none")), text("ping")), True),
        (eq(("else", RISK, PATH_NUMBER), number(7)), True),
        (("older", LOGIN, 99_999_999), True),
        (("older", LOGIN, 100_000_000), False),
        (BLOCKED, True),
        (("present", LEVEL), True),
        (("in", PATH_TENANT, ROLES), False),
        (("cmp", "lt", LEVEL, PATH_NUMBER), True),
        (("older", SINCE, 99_999_999), True),
        (("older", SINCE, 100_000_000), False),
        (eq(("else", LEVEL, number(0)), number(5)), True),
    ],
)  # fmt: skip
def test_operators(expr: Expr, expected: bool) -> None:
    claims = claims_of(scope=frozenset({"a", "b"}), nets=frozenset({"10.0.0.0/24"}), login=900)
    request = with_request(headers={"x-event": "ping"})
    assert truth(expr, claims, request=request) is expected
    assert truth(("not", expr), claims, request=request) is not expected


VALUES: dict[str, Expr] = {"token T": FLAG, "token F": eq(SUB, text("x")), "late T": eq(PATH_NUMBER, number(7))}
VALUES |= {"late F": eq(PATH_NUMBER, number(8)), "fault": BLOCKED, "late fault": ("in", PATH_TENANT, ROLES)}
VALUES |= {"absent": ("cmp", "gt", RISK, number(0)), "late absent": eq(EVENT, text("x"))}
MEANING = {"T": True, "F": False, "fault": None, "absent": None}


@pytest.mark.parametrize("first", VALUES)
@pytest.mark.parametrize("second", VALUES)
def test_strong_kleene(first: str, second: str) -> None:
    a, b = MEANING[first.rsplit(maxsplit=1)[-1]], MEANING[second.rsplit(maxsplit=1)[-1]]
    claims = claims_of(flag=True)
    both, either = ("and", VALUES[first], VALUES[second]), ("or", VALUES[first], VALUES[second])
    conjunction = False if a is False or b is False else True if a and b else None
    disjunction = True if a or b else False if a is False and b is False else None
    assert truth(both, claims, None) is conjunction
    assert truth(either, claims, None) is disjunction
    assert truth(("not", both), claims, None) is (None if conjunction is None else not conjunction)
    assert truth(("not", either), claims, None) is (None if disjunction is None else not disjunction)


@pytest.mark.parametrize("values", [(None, True), (None, False), (3, True), (3, False)])
def test_a_guard_behind_its_use_guards_it_all_the_same(values: tuple[int | None, bool]) -> None:
    risk, flag = values
    claims = claims_of(risk=risk, flag=flag)
    use = ("cmp", "gt", RISK, number(1))
    assert truth(("and", use, FLAG, ("present", RISK)), claims) is (risk is not None and flag)
    assert truth(("or", use, ("not", ("present", RISK))), claims) is True


def test_a_guard_of_a_header_needs_no_third_value_at_the_request() -> None:
    expr = ("and", ("present", EVENT), ("starts", EVENT, "p"), ("in", EVENT, SCOPE))
    claims = claims_of(scope=frozenset({"ping"}))
    assert truth(expr, claims) is False
    assert truth(expr, claims, request=with_request(headers={"x-event": "ping"})) is True
    assert truth(expr, claims, request=with_request(headers={"x-event": "pong"})) is False


def test_without_metadata_every_reference_to_it_is_a_fault() -> None:
    for expr in (
        BLOCKED, ("present", LEVEL), eq(("else", LEVEL, number(1)), number(1)), ("in", text("a"), ROLES),
        ("older", SINCE, 0), eq(BLOCKED, FLAG), ("cmp", "lt", ("add", LEVEL, number(1)), PATH_NUMBER),
    ):  # fmt: skip
        assert truth(expr, fields=None) is None
    assert truth(("present", LEVEL), fields=fields_of()) is False
    assert truth(eq(("else", LEVEL, PATH_NUMBER), number(7)), fields=fields_of()) is True


def test_a_repeated_header_is_a_fault_for_a_shadow_rule() -> None:
    request = with_request(unreadable=frozenset({"x-event"}))
    for expr in (eq(EVENT, text("a")), ("present", EVENT), eq(("else", EVENT, text("a")), text("a"))):
        assert truth(expr, request=request) is None
        assert truth(expr) is not True or expr[0] == "cmp"
    assert truth(("or", ("present", EVENT), eq(SUB, text("u1"))), request=request) is True


def test_many_operands_and_deep_nesting_compile() -> None:
    many = tuple(eq(("else", LEVEL, number(0)), number(n)) for n in range(2, 400))
    assert truth(("or", *many)) is True
    assert truth(("or", *many), fields=None) is None
    assert truth(("and", *(("not", test) for test in many)), fields=fields_of(level=1)) is True
    deep: Expr = BLOCKED
    for depth in range(78):
        deep = ("or" if depth % 2 else "and", ("not", deep), eq(PATH_NUMBER, number(depth % 2 + 7)))
    assert truth(deep, fields=None) is None
    assert truth(deep) is True


def test_text_of_the_rules_is_never_source() -> None:
    nasty = "'\"\\\n) or True #{}\x00é\u2028"
    expr = ("or", eq(SUB, text(nasty)), ("glob", SUB, nasty), ("starts", SUB, nasty), ("in", SUB, texts(nasty)))
    assert truth(expr) is False
    assert truth(expr, claims_of(sub=nasty)) is True


def test_the_age_of_metadata_needs_the_time_of_the_request() -> None:
    cell = CompiledPlan(Build().rule("deny", "d", ("older", SINCE, 0)).plan(), {}).cell(0, "GET", 0)
    facts = cell.token_facts(claims_of(), b"", 0)
    identity = cell.identity_facts(facts.slots, claims_of(), UP)
    with pytest.raises(TypeError):
        cell.decide(facts.slots, identity, with_request(now=None))
