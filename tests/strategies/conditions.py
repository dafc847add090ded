"""Conditions as source text: well typed for their scene, or, one reference in ten, wrong where the scene offers it."""

from collections.abc import Sequence

from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.draws import below, one_in, pick
from tests.strategies.pool import quoted
from tests.strategies.scenes import Reference, Scene
from tests.strategies.schema import TEXTUAL, Kind, literal, plain_value

DEPTH = 3


def condition(draw: DrawFn, scene: Scene, depth: int = DEPTH) -> str:
    """A condition, in parentheses wherever the grammar could ask for them."""
    shape = draw(below(10)) if depth else 0
    if shape <= 4:
        return atom(draw, scene)
    if shape == 5:
        return f"not ({condition(draw, scene, depth - 1)})"
    if shape == 6 and len(scene.issuers) > 1:
        return by_issuer(draw, scene, depth - 1)
    word = " and " if shape < 8 else " or "
    return word.join(f"({condition(draw, scene, depth - 1)})" for _ in range(2 + draw(below(2))))


def by_issuer(draw: DrawFn, scene: Scene, depth: int) -> str:
    """A condition that only some issuer's tokens are asked."""
    issuer = pick(draw, scene.issuers)
    inner = condition(draw, scene.narrowed(issuer), depth)
    name = issuer or "anonymous"
    return pick(draw, (f"issuer is {name} and ({inner})", f"issuer is not {name} or ({inner})"))


def atom(draw: DrawFn, scene: Scene) -> str:
    """The smallest conditions: one operator around one reference, guarded where it may be absent."""
    if scene.wrong and one_in(draw, 10):
        return f"(({pick(draw, scene.wrong)}))"
    ref = pick(draw, scene.favourites)
    if not ref.maybe:
        return plain_atom(draw, scene, ref, ref.text)
    form = draw(below(5))
    if form == 0:
        return f"{ref.text} {pick(draw, ('present', 'absent'))}"
    if form == 1 and ref.kind.word not in {"time", "cidr", "set"}:
        return plain_atom(draw, scene, ref, f"({ref.text} ?? {literal(plain_value(draw, ref.kind))})")
    inner = plain_atom(draw, scene, ref, ref.text)
    return pick(draw, (f"({ref.text} present and {inner})", f"({ref.text} absent or {inner})"))


def plain_atom(draw: DrawFn, scene: Scene, ref: Reference, subject: str) -> str:
    """A test of a value that is there; ``subject`` is the reference, or the reference with its default."""
    others = [r.text for r in scene.references if alike(ref.kind, r.kind) and not r.maybe and r != ref]
    match ref.kind.word:
        case "int":
            return _integer(draw, ref.kind, subject, others)
        case "bool":
            return pick(draw, (subject, f"not {subject}", f"{subject} == true", f"{subject} != true"))
        case "time":
            return f"{ref.text} older than {pick(draw, tuple(pool.DURATIONS))}"
        case "ip" | "cidr":
            sets = [
                r.text for r in scene.references if r.kind.word == "set" and r.kind.of.word == "cidr" and not r.maybe
            ]
            networks = literal(sorted({pick(draw, pool.NETWORKS) for _ in range(2)}))
            return f"{subject} {pick(draw, IN)} {pick(draw, (networks, *sets))}"
        case "set":
            return _set(draw, scene, ref, subject)
        case _:
            return _text(draw, ref.kind, subject, others)


IN = ("in", "not in")
EQUAL = ("==", "!=")


def alike(one: Kind, other: Kind) -> bool:
    """Whether values of the two compare."""
    return one.word == other.word or {one.word, other.word} <= TEXTUAL


def _integer(draw: DrawFn, kind: Kind, subject: str, others: list[str]) -> str:
    operator = pick(draw, (*EQUAL, "<", "<=", ">", ">="))
    number = str(plain_value(draw, kind))
    if others and one_in(draw, 3):
        return f"{subject} {operator} {pick(draw, others)}"
    if -(2**62) <= kind.low <= kind.high <= 2**62 and one_in(draw, 2):
        return f"{subject} {pick(draw, ('+', '-'))} {pick(draw, ('1', '2', '50'))} {operator} {number}"
    return f"{subject} {operator} {number}"


def _text(draw: DrawFn, kind: Kind, subject: str, others: list[str]) -> str:
    form = draw(below(3 if kind.word == "email" else 5))
    if form == 0:
        return f"{subject} {pick(draw, EQUAL)} {quoted(plain_value(draw, kind))}"
    if form == 1 and others:
        return f"{subject} {pick(draw, EQUAL)} {pick(draw, others)}"
    if form <= 2:
        return f"{subject} {pick(draw, IN)} {literal(_values(draw, kind))}"
    if form == 3:
        end = quoted(pick(draw, ("a", "b", "min", "or", "{", "go", "f")))
        return f"{subject} {pick(draw, ('starts with', 'ends with'))} {end}"
    return f"{subject} matches {quoted(pick(draw, pool.PATTERNS))}"


def _values(draw: DrawFn, kind: Kind) -> Sequence[str]:
    return sorted({plain_value(draw, kind) for _ in range(1 + draw(below(3)))})


def _set(draw: DrawFn, scene: Scene, ref: Reference, subject: str) -> str:
    item = ref.kind.of
    if item.word == "cidr":
        return pick(draw, (f"client.ip in {subject}", f"peer.ip not in {subject}"))
    listed = literal(plain_value(draw, ref.kind))
    same = [r.text for r in scene.references if r.kind == ref.kind and not r.maybe and r != ref]
    quantor = pick(draw, ("any", "all"))
    match draw(below(4)):
        case 0:
            single = [r.text for r in scene.references if alike(item, r.kind) and not r.maybe]
            return f"{pick(draw, (quoted(plain_value(draw, item)), *single))} {pick(draw, IN)} {subject}"
        case 1:
            return f"{quantor} of {pick(draw, (listed, *same))} in {subject}"
        case 2:
            return f"{quantor} of {subject} in {listed}"
        case _:
            return f"{subject} {pick(draw, EQUAL)} {listed}"
