import pytest

from policylang.check import model
from policylang.coverage.conditions import (
    atoms,
    defaults,
    exception_of,
    may_fault,
    mentioned,
    reads_grants,
    wholes,
)
from policylang.source.tree import SourceTree
from policylang.syntax import nodes
from tests.policylang.coverage.measured import ROUTES, checked

PING = "allow ping on both always\n"


def condition(text: str) -> tuple[SourceTree, model.TypedExpr, nodes.Rule]:
    """The condition of a deny on route solo."""
    tree, rule_set, module = checked(f"{ROUTES}{PING}allow a on solo always\ndeny d on solo {text}\n")
    written = next(item for item in rule_set.files[0].items if isinstance(item, nodes.Rule) and item.name.text == "d")
    found = next(rule.condition for rule in module.rules if rule.name == "d")
    assert found is not None
    return tree, found, written


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("when claims.risk absent or claims.risk > 50", ["claims.risk absent", "claims.risk > 50"]),
        ("when not (claims.plan == \"free\" and \"a\" in claims.scope)", ['claims.plan == "free"', '"a" in claims.scope']),
        ('when "a" not in claims.scope', ['"a" not in claims.scope']),
        ('when not claims.plan == "free"', ['claims.plan == "free"']),
        ("when metadata.blocked", ["metadata.blocked"]),
        ('when claims.plan == "free" unless "a" not in claims.scope', ['claims.plan == "free"', '"a" not in claims.scope']),
    ],
)  # fmt: skip
def test_the_atoms_are_what_is_written_between_the_words(text: str, parts: list[str]) -> None:
    tree, typed, written = condition(text)
    exception = exception_of(typed, None if written.unless is None else written.unless.span)
    assert [tree.text_of(atom.span) for atom in atoms(typed, exception=exception)] == parts


def test_a_negation_in_one_word_is_part_of_its_atom_and_an_unless_is_not() -> None:
    _, typed, written = condition('when claims.plan == "free" unless "a" in claims.scope')
    assert written.unless is not None
    exception = exception_of(typed, written.unless.span)
    assert exception is not None
    _, second = atoms(typed, exception=exception)
    assert isinstance(second.expr, model.In), "the value of the text that stands behind `unless`, not its opposite"
    _, typed, written = condition('when claims.plan == "free" unless claims.risk absent')
    assert written.unless is not None
    found = list(atoms(typed, exception=exception_of(typed, written.unless.span)))
    absent = next(atom for atom in found if atom.span == written.unless.span)
    assert isinstance(absent.expr, model.Not)
    assert isinstance(absent.expr.operand, model.Present)


def test_what_is_settled_before_an_atom_is_looked_at() -> None:
    tree, typed, _ = condition('when claims.plan == "free" and ("a" in claims.scope or "b" in claims.scope)')
    before = {
        tree.text_of(atom.span): [(tree.text_of(expr.span), value) for expr, value in atom.before]
        for atom in atoms(typed)
    }
    assert before == {
        'claims.plan == "free"': [],
        '"a" in claims.scope': [('claims.plan == "free"', True)],
        '"b" in claims.scope': [('claims.plan == "free"', True), ('"a" in claims.scope', False)],
    }


def test_nothing_is_settled_by_what_may_have_no_answer() -> None:
    _, typed, _ = condition('when metadata.blocked and "a" in claims.scope')
    assert [len(atom.before) for atom in atoms(typed)] == [0, 0]


def test_defaults_within_an_atom() -> None:
    _, typed, _ = condition("when (claims.risk ?? 0) > 50")
    (atom,) = atoms(typed)
    (found,) = defaults(atom)
    assert (found.expr.ref.root, found.expr.ref.name) == ("claims", "risk")
    _, typed, _ = condition('when "a" in claims.scope')
    assert not [default for atom in atoms(typed) for default in defaults(atom)]


def test_what_an_expression_depends_on() -> None:
    _, typed, _ = condition('when claims.risk present and claims.risk > 50 and "sre" in metadata.roles')
    assert may_fault(typed)
    assert not reads_grants(typed)
    assert not reads_grants(None)
    assert mentioned(typed) == {("claims", "risk"), ("metadata", "roles")}
    assert not may_fault(condition("when claims.risk present and claims.risk > 5")[1])


def test_when_and_unless_are_told_apart_in_the_one_condition_made_of_them() -> None:
    tree, typed, written = condition(
        'when claims.plan == "free" and "a" in claims.scope unless claims.risk absent or claims.risk > 5'
    )
    assert written.when is not None
    assert written.unless is not None
    exception = exception_of(typed, written.unless.span)
    when, unless = wholes(typed, written.when.span, exception)
    assert tree.text_of(when.span) == 'claims.plan == "free" and "a" in claims.scope'
    assert [tree.text_of(part.span) for part in when.parts] == ['claims.plan == "free"', '"a" in claims.scope']
    assert tree.text_of(unless.span) == "claims.risk absent or claims.risk > 5"
    assert len(unless.parts) == 1
    _, typed, written = condition('when claims.plan == "free"')
    assert written.when is not None
    assert [whole.parts for whole in wholes(typed, written.when.span, None)] == [(typed,)]
