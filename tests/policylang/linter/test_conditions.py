"""Implication and exclusion are sound: where the answer is yes, no request says otherwise."""

import pytest

from policylang.check import model
from policylang.linter.conditions import exclude, implies, may_fault, references, roots, same, walk
from tests.policylang.linter.linting import compiled

METADATA = "metadata { blocked: bool default false }\n"


def condition(text: str) -> model.TypedExpr | None:
    module = compiled(f"{METADATA}deny x on orders {text}\n").module
    assert module is not None
    return next(rule for rule in module.rules if rule.effect == "deny").condition


def when(text: str) -> model.TypedExpr | None:
    return condition(f"when {text}")


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ('claims.plan == "gold" and claims.risk absent', 'claims.plan == "gold"', True),
        ('claims.plan == "gold"', 'claims.plan == "gold" and claims.risk absent', False),
        ('claims.plan == "gold"', 'claims.plan == "gold" or claims.risk absent', True),
        ("claims.risk present and claims.risk > 60", "claims.risk present and claims.risk > 50", True),
        ("claims.risk present and claims.risk > 50", "claims.risk present and claims.risk > 60", False),
        ("claims.risk absent", "claims.risk absent or claims.risk > 50", True),
        ('claims.tenant == "abc"', 'claims.tenant starts with "ab"', True),
        ('claims.tenant starts with "ab"', 'claims.tenant == "abc"', False),
        ("metadata.blocked", "metadata.blocked", True),
        ('metadata.blocked and claims.plan == "gold"', "metadata.blocked", False),
        ('metadata.blocked and claims.plan == "gold"', 'claims.plan == "gold"', True),
    ],
)
def test_implication(one: str, other: str, answer: bool) -> None:
    assert implies(when(one), when(other)) is answer


def test_always_is_implied_by_all_and_implies_only_itself() -> None:
    some = when('claims.plan == "gold"')
    assert implies(some, None)
    assert implies(None, None)
    assert not implies(None, some)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ('"gold" == claims.plan', 'claims.plan == "gold"', True),
        ('claims.plan == "gold" and claims.risk absent', 'claims.risk absent and claims.plan == "gold"', True),
        ('claims.plan == "gold"', 'claims.plan == "free"', False),
    ],
)
def test_sameness(one: str, other: str, answer: bool) -> None:
    assert same(when(one), when(other)) is answer
    assert not same(when(one), None)
    assert same(None, None)


def test_exclusion_knows_the_issuer() -> None:
    gold, free = when('claims.plan == "gold"'), when('claims.plan == "free"')
    assert exclude(gold, free, "corp")
    assert not exclude(gold, None, "corp")
    assert not exclude(None, None, "corp")


def test_what_a_condition_reads() -> None:
    expr = when(
        'metadata.blocked or client.ip in ["192.0.2.0/24"] or ((claims.risk ?? 0) + 1 > 5 and claims.tenant != path.tenant)'
    )
    assert roots(expr) == {"metadata", "client", "claims", "path"}
    assert [ref.name for ref in references(expr)].count("risk") == 1
    assert may_fault(expr)
    assert not may_fault(when("claims.risk absent"))
    assert roots(None) == frozenset()
    assert list(references(None)) == []


def test_parents_come_first() -> None:
    expr = when('claims.plan == "gold" and not claims.tenant starts with "a"')
    assert expr is not None
    kinds = [type(part).__name__ for part in walk(expr)]
    assert kinds == ["And", "Compare", "Ref", "Lit", "Not", "TextTest", "Ref"]
