"""Small worlds and the conditions one may write in them, as source text: for laws of the expression checker.

Claims have one of a few kinds each, told by the first letter of the name, so that most of what is drawn is well typed.
Issuers declare some of them, some as optional; constants and values come from one small pool, so that they collide.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from policylang.check.environment import CellEnv, Names
from policylang.check.model import Claim
from policylang.typesys.terms import Bool, Enum, Int, Scalar, SetOf, Slug, Text, Time
from tests.strategies.checked import claim

KINDS: dict[str, tuple[Scalar | SetOf, tuple[Any, ...]]] = {
    "i": (Int(0, 3), (0, 1, 3)),
    "t": (Text(1, 3), ("a", "b", "ab")),
    "e": (Enum(("a", "b")), ("a", "b")),
    "b": (Bool(), (True, False)),
    "s": (SetOf(Slug()), (frozenset(), frozenset({"a"}), frozenset({"a", "b"}))),
    "w": (Time(), (0, 500, 1000)),
}
"""First letter of a name to its type and a few of its values."""

NAMES = ("i1", "i2", "t1", "e1", "b1", "s1", "w1")
ISSUERS = ("corp", "guest")
FIELDS = {"b9": claim("b9", Bool()), "t9": claim("t9", Text(1, 3), optional=True)}
NOW = 1_000_000_000
"""Microseconds; instants of the pool lie before it."""


@dataclass(frozen=True)
class Scenery:
    """The cells of one scope and the names of its rule set."""

    cells: tuple[CellEnv, ...]
    names: Names


@dataclass(frozen=True)
class Given:
    """The facts of one request. ``metadata`` None: a fault."""

    issuer: str | None
    claims: dict[str, Any]
    metadata: dict[str, Any] | None
    headers: dict[str, str]
    captures: dict[str, Any]


def kind(name: str) -> Scalar | SetOf:
    return KINDS[name[0]][0]


@st.composite
def sceneries(draw: DrawFn) -> Scenery:
    """One or two routes, which trust some of two issuers, and maybe anonymous requests."""
    declared: dict[str | None, dict[str, Claim]] = {None: {}}
    for issuer in ISSUERS:
        chosen = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=3))
        declared[issuer] = {name: claim(name, kind(name), optional=draw(st.booleans())) for name in sorted(chosen)}
    trust: list[str | None] = list(draw(st.lists(st.sampled_from(ISSUERS), unique=True, min_size=1)))
    trust += [None] * draw(st.sampled_from((0, 0, 0, 1)))
    cells = tuple(CellEnv("r1", issuer, declared[issuer], {"p1": Slug()}, None) for issuer in trust)
    if draw(st.booleans()):
        cells += (CellEnv("r2", trust[0], declared[trust[0]], {"p1": Text(1, 3)}, None),)
    owners = {
        name: tuple((issuer, declared[issuer][name]) for issuer in ISSUERS if name in declared[issuer]) for name in NAMES
    }
    names = Names({}, {name: found for name, found in owners.items() if found}, FIELDS, ISSUERS, {"p1": ("r1", "r2")}, {})
    return Scenery(cells, names)


def requests(scenery: Scenery) -> st.SearchStrategy[Given]:
    """A request of one of the cells."""
    return st.sampled_from(scenery.cells).flatmap(request)


@st.composite
def request(draw: DrawFn, cell: CellEnv) -> Given:
    """A request of a cell, with claims and metadata that decode."""
    found = {}
    for name, declared in cell.claims.items():
        if not declared.optional or draw(st.booleans()):
            found[name] = draw(st.sampled_from(KINDS[name[0]][1]))
    metadata = draw(st.sampled_from((None, {"b9": True}, {"b9": False, "t9": "a"}, {"b9": True, "t9": "b"})))
    headers = draw(st.sampled_from(({}, {"x-a": "a"}, {"x-a": ""})))
    captures = {"p1": draw(st.sampled_from(("a", "b")))}
    return Given(cell.issuer, found, None if cell.issuer is None else metadata, headers, captures)


def plain_atoms(ref: str, letter: str) -> st.SearchStrategy[str]:
    """Conditions around a value of the kind of a letter."""
    match letter:
        case "i":
            operator = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
            number = st.integers(0, 3)
            return st.builds(lambda op, n: f"{ref} {op} {n}", operator, number) | st.builds(
                lambda op, n: f"{ref} + 1 {op} {n}", operator, number
            )
        case "t" | "e":
            word = st.sampled_from(('"a"', '"b"'))
            return st.one_of(
                st.builds(lambda op, w: f"{ref} {op} {w}", st.sampled_from(("==", "!=")), word),
                st.builds(lambda op, w: f"{ref} {op} with {w}", st.sampled_from(("starts", "ends")), word),
                st.sampled_from((f'{ref} in ["a", "c1"]' if letter == "t" else f'{ref} in ["a"]',)),
                st.just(f'{ref} matches "a*"'),
            )
        case "b":
            return st.sampled_from((ref, f"not {ref}", f"{ref} == true"))
        case "s":
            return st.sampled_from(
                (f'"a" in {ref}', f'"b" not in {ref}', f'any of ["a", "b"] in {ref}', f'all of {ref} in ["a"]', f"{ref} == []")
            )
        case _:
            return st.sampled_from((f"{ref} older than 1min", f"{ref} older than 0s"))


REFERENCES = [(f"claims.{name}", name[0]) for name in NAMES] + [
    ("metadata.b9", "b"), ("metadata.t9", "t"), ('header["X-A"]', "t"), ("path.p1", "t"),
]  # fmt: skip

tests_of_issuer = st.builds(
    lambda negated, name: f"issuer is {negated}{name}", st.sampled_from(("", "not ")), st.sampled_from((*ISSUERS, "anonymous"))
)


@st.composite
def atoms(draw: DrawFn) -> str:
    """A smallest condition; absence is provided for more often than not, in one way or the other."""
    ref, letter = draw(st.sampled_from(REFERENCES))
    form = draw(st.integers(0, 9))
    if form == 0:
        return draw(tests_of_issuer)
    if form == 1:
        return f"{ref} {draw(st.sampled_from(('present', 'absent')))}"
    if form == 2 and letter in "itb":
        default = {"i": "1", "t": '"a"', "b": "false"}[letter]
        return draw(plain_atoms(f"({ref} ?? {default})", letter))
    inner = draw(plain_atoms(ref, letter))
    if form <= 6:
        return f"({draw(st.sampled_from((f'{ref} present and {inner}', f'{ref} absent or {inner}')))})"
    if form == 7:
        return f"({draw(tests_of_issuer)} and {inner})"
    return inner


def conditions(depth: int = 3) -> st.SearchStrategy[str]:
    """Conditions of every shape; most can be typed in some scenery, none surely."""
    return st.recursive(
        atoms(),
        lambda inner: st.one_of(
            inner.map(lambda text: f"not ({text})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: " and ".join(f"({part})" for part in parts)),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: " or ".join(f"({part})" for part in parts)),
        ),
        max_leaves=2**depth,
    )


def all_requests(cell: CellEnv, names: tuple[str, ...]) -> list[Given]:
    """Every combination of the pool's values for some claims of a cell; the others take their first value."""
    choices: list[list[tuple[str, Any]]] = []
    for name, declared in cell.claims.items():
        values = KINDS[name[0]][1] if name in names else KINDS[name[0]][1][:1]
        choices.append([(name, value) for value in values] + ([(name, None)] if declared.optional else []))
    found = []
    for combination in product(*choices):
        held = {name: value for name, value in combination if value is not None}
        metadata = None if cell.issuer is None else {"b9": True}
        found.append(Given(cell.issuer, held, metadata, {}, {"p1": "a"}))
    return found
