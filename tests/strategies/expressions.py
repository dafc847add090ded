"""Small worlds and the conditions one may write in them, as source text: for laws of the expression checker.

Claims have one of a few kinds each, told by the first letter of the name, so that most of what is drawn is well typed.
Issuers declare some of them, some as optional; constants and values come from one small pool, so that they collide.
"""

from dataclasses import dataclass
from itertools import product
from random import Random
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

    def __repr__(self) -> str:
        return f"<{', '.join(_told(cell) for cell in self.cells)}>"


@dataclass(frozen=True)
class Given:
    """The facts of one request. ``metadata`` None: a fault."""

    issuer: str | None
    claims: dict[str, Any]
    metadata: dict[str, Any] | None
    headers: dict[str, str]
    captures: dict[str, Any]


def _told(cell: CellEnv) -> str:
    claims = " ".join(f"{name}{'?' if found.optional else ''}" for name, found in cell.claims.items())
    return f"{cell.route} {cell.issuer}: {claims}"


def kind(name: str) -> Scalar | SetOf:
    return KINDS[name[0]][0]


def scenery(chance: Random) -> Scenery:
    """One or two routes, which trust some of two issuers, and maybe anonymous requests."""
    declared: dict[str | None, dict[str, Claim]] = {None: {}}
    for issuer in ISSUERS:
        chosen = sorted(chance.sample(NAMES, chance.randint(3, len(NAMES))))
        declared[issuer] = {name: claim(name, kind(name), optional=chance.random() < 0.6) for name in chosen}
    trust: list[str | None] = list(chance.sample(ISSUERS, chance.randint(1, 2)))
    trust += [None] * (chance.random() < 0.3)
    cells = tuple(CellEnv("r1", issuer, declared[issuer], {"p1": Slug()}, None) for issuer in trust)
    if chance.random() < 0.5:
        cells += (CellEnv("r2", trust[0], declared[trust[0]], {"p1": Text(1, 3)}, None),)
    owners = {
        name: tuple((issuer, declared[issuer][name]) for issuer in ISSUERS if name in declared[issuer])
        for name in NAMES
    }
    names = Names(
        {}, {name: found for name, found in owners.items() if found}, FIELDS, ISSUERS, {"p1": ("r1", "r2")}, {}
    )
    return Scenery(cells, names)


SCENERIES = [scenery(Random(seed)) for seed in range(40)]


def requests(scenery: Scenery, seed: int) -> list[Given]:
    """A few requests of the cells, with claims and metadata that decode; the same for the same seed."""
    chance = Random(seed)
    return [_request(cell, chance) for cell in scenery.cells for _ in range(6)]


def _request(cell: CellEnv, chance: Random) -> Given:
    found = {}
    for name, declared in cell.claims.items():
        if not declared.optional or chance.random() < 0.5:
            found[name] = chance.choice(KINDS[name[0]][1])
    metadata = chance.choice((None, {"b9": True}, {"b9": False, "t9": "a"}, {"b9": True, "t9": "b"}))
    headers: dict[str, str] = chance.choice(({}, {"x-a": "a"}, {"x-a": ""}))
    captures = {"p1": chance.choice("ab")}
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
                (
                    f'"a" in {ref}',
                    f'"b" not in {ref}',
                    f'any of ["a", "b"] in {ref}',
                    f'all of {ref} in ["a"]',
                    f"{ref} == []",
                )
            )
        case _:
            return st.sampled_from((f"{ref} older than 1min", f"{ref} older than 0s"))


OTHERS = [("metadata.b9", "b"), ("metadata.t9", "t"), ('header["X-A"]', "t"), ("path.p1", "t")]

tests_of_issuer = st.builds(
    lambda negated, name: f"issuer is {negated}{name}",
    st.sampled_from(("", "not ")),
    st.sampled_from((*ISSUERS, "anonymous")),
)


@st.composite
def atoms(draw: DrawFn, scenery: Scenery) -> str:
    """A smallest condition, guarded where the scenery asks for it: nine times in ten, and not always well."""
    claims = sorted({name for cell in scenery.cells for name in cell.claims})
    references = [(f"claims.{name}", name[0]) for name in (NAMES if draw(st.integers(0, 9)) == 0 else claims)]
    ref, letter = draw(st.sampled_from(references + OTHERS))
    form = draw(st.integers(0, 9))
    if form == 0:
        return draw(tests_of_issuer)
    if form == 1 and lacking(ref, scenery):
        return f"{ref} {draw(st.sampled_from(('present', 'absent')))}"
    if form == 2 and letter in "itb" and lacking(ref, scenery):
        default = {"i": "1", "t": '"a"', "b": "false"}[letter]
        return draw(plain_atoms(f"({ref} ?? {default})", letter))
    inner = draw(plain_atoms(ref, letter))
    if form == 3:
        return f"({draw(tests_of_issuer)} and {inner})"
    if lacking(ref, scenery) and form < 9:
        return draw(st.sampled_from((f"({ref} present and {inner})", f"({inner} or {ref} absent)")))
    return inner


def lacking(ref: str, scenery: Scenery) -> bool:
    """Whether some cell may lack what a written reference names."""
    root, _, name = ref.partition(".")
    if root == "claims":
        return any(name not in cell.claims or cell.claims[name].optional for cell in scenery.cells)
    return ref in {"metadata.t9", 'header["X-A"]'}


@st.composite
def conditions(draw: DrawFn, scenery: Scenery, depth: int = 3) -> str:
    """Conditions of every shape; most can be typed in the scenery, none surely."""
    shape = draw(st.integers(0, 4)) if depth else 0
    if shape <= 1:
        return draw(atoms(scenery))
    if shape == 2:
        return f"not ({draw(conditions(scenery, depth - 1))})"
    parts = [draw(conditions(scenery, depth - 1)) for _ in range(draw(st.integers(2, 3)))]
    return (" and " if shape == 3 else " or ").join(f"({part})" for part in parts)


@st.composite
def loose(draw: DrawFn, names: tuple[str, ...], depth: int = 3) -> str:
    """Conditions over few claims whose guards stand anywhere, if at all."""
    shape = draw(st.integers(0, 5)) if depth else draw(st.integers(0, 1))
    if shape == 0:
        name = draw(st.sampled_from(names))
        presence = (f"claims.{name} present", f"claims.{name} absent")
        return draw(st.sampled_from((*presence, *presence, f"issuer is {draw(st.sampled_from(ISSUERS))}")))
    if shape == 1:
        name = draw(st.sampled_from(names))
        return {"i": f"claims.{name} > 0", "t": f'claims.{name} == "a"', "b": f"claims.{name}"}[name[0]]
    if shape == 2:
        return f"not ({draw(loose(names, depth - 1))})"
    parts = [draw(loose(names, depth - 1)) for _ in range(draw(st.integers(2, 3)))]
    return (" and " if shape < 5 else " or ").join(f"({part})" for part in parts)


@st.composite
def scenes(draw: DrawFn) -> tuple[Scenery, str]:
    """A scenery and a condition in it."""
    where = draw(st.sampled_from(SCENERIES))
    if draw(st.booleans()):
        return where, draw(conditions(where))
    claims = sorted({name for cell in where.cells for name in cell.claims} & {"i1", "t1", "b1"}) or ["i1"]
    return where, draw(loose(tuple(draw(st.sampled_from((claims, claims[:1]))))))


@st.composite
def pairs(draw: DrawFn) -> str:
    """Two tests of one value, joined: many of them decide nothing."""
    name = draw(st.sampled_from(("i1", "t1", "e1", "b1", "s1")))
    parts = [draw(plain_atoms(f"claims.{name}", name[0])) for _ in range(draw(st.integers(2, 3)))]
    turned = [draw(st.sampled_from((part, f"not ({part})"))) for part in parts]
    return draw(st.sampled_from((" and ", " or "))).join(f"({part})" for part in turned)


EVERYTHING = Scenery(
    (CellEnv("r1", "corp", {name: claim(name, kind(name)) for name in NAMES}, {}, None),),
    Names({}, {name: (("corp", claim(name, kind(name))),) for name in NAMES}, None, ("corp",), {}, {}),
)
"""One cell in which every claim is required."""


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
