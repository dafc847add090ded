"""Where conditions are written, and the nodes in them that stand as conditions."""

from collections.abc import Iterator
from dataclasses import dataclass

from policylang.mutation.written import Written
from policylang.syntax import nodes


@dataclass(frozen=True, slots=True)
class Place:
    """A condition as it is written, and whose it is: "allow read", "an arm of select policy", "let own_tenant".

    ``of`` is the rule or the arm; None: a ``let``, which stands in no place of its own.
    """

    owner: str
    root: nodes.Expr
    of: nodes.Rule | nodes.Arm | None = None


def places(written: Written) -> Iterator[Place]:
    """Every condition of the rule set."""
    for item in written.items():
        match item:
            case nodes.Rule(when=when, unless=unless):
                owner = f"{item.effect} {item.name.text}"
                yield from (Place(owner, one, item) for one in (when, unless) if one is not None)
            case nodes.Select(arms=arms):
                owner = f"an arm of select {'policies' if item.every else 'policy'}"
                yield from (Place(owner, arm.when, arm) for arm in arms if arm.when is not None)
            case nodes.Let(name=name, value=value):
                yield Place(f"let {name.text}", value)


def conditions(expr: nodes.Expr) -> Iterator[nodes.Expr]:
    """The nodes that stand as conditions, the whole first."""
    yield expr
    match expr:
        case nodes.And(operands=operands) | nodes.Or(operands=operands):
            for operand in operands:
                yield from conditions(operand)
        case nodes.Not(operand=operand):
            yield from conditions(operand)
