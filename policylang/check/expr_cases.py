"""Cells that look alike to one expression are one *case*: it is checked once for each case, however many routes it reaches.

*Live* maps the cases that a place in the expression matters for to the references known to be present there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from policylang.check.environment import CellEnv, Names
from policylang.check.model import Claim
from policylang.typesys.terms import Scalar

Key = tuple[str, str]
"""(root, name) of a reference; header names in lower case."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """What an expression names, as far as cells of one issuer can differ in it."""

    captures: frozenset[str] = frozenset()
    grants: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What cells of one look have in common. ``routes`` are their routes, for messages.

    ``only_anonymous``: the routes trust nobody else.
    """

    issuer: str | None
    claims: Mapping[str, Claim]
    captures: Mapping[str, Scalar]
    grants: frozenset[str] | None
    only_anonymous: bool
    routes: list[str]

    @property
    def route(self) -> str:
        """A route to name as an example."""
        return self.routes[0]


Live = Mapping[Case, frozenset[Key]]


class Absence(Enum):
    """Whether requests of a case lack what a reference names."""

    NEVER = auto()
    MAYBE = auto()
    ALWAYS = auto()


def cases_of(cells: Sequence[CellEnv], mentions: Mentions) -> tuple[Case, ...]:
    """The distinct cases among cells, in the order of their first cells.

    An issuer has the same claims in all its cells. A route of an anonymous cell that no other cell names trusts nobody
    else.
    """
    captures = sorted(mentions.captures)
    anonymous = any(cell.issuer is None for cell in cells)
    trusting = frozenset(cell.route for cell in cells if cell.issuer is not None) if anonymous else frozenset[str]()
    found: dict[tuple[object, ...], Case] = {}
    for cell in cells:
        bound = tuple(cell.captures.get(name) for name in captures) if captures else ()
        alone = cell.issuer is None and cell.route not in trusting
        look = (cell.issuer, alone, bound, cell.grants if mentions.grants else None)
        case = found.get(look)
        if case is None:
            found[look] = Case(cell.issuer, cell.claims, cell.captures, cell.grants, alone, [cell.route])
        elif case.routes[-1] != cell.route:
            case.routes.append(cell.route)
    return tuple(found.values())


def everywhere(cases: Sequence[Case]) -> Live:
    """All cases, nothing known yet."""
    return dict.fromkeys(cases, frozenset())


def absence(case: Case, key: Key, names: Names) -> Absence:
    """What a case alone says of a reference. Unknown names count as always absent."""
    root, name = key
    if root in {"claims", "metadata", "policy"} and case.issuer is None:
        return Absence.ALWAYS
    match root:
        case "claims":
            declared = case.claims.get(name)
        case "metadata":
            declared = (names.metadata or {}).get(name)
        case "header":
            return Absence.MAYBE
        case _:
            return Absence.NEVER
    if declared is None:
        return Absence.ALWAYS
    return Absence.MAYBE if declared.optional else Absence.NEVER
