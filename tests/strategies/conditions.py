"""Conditions as source text: well typed for their scene, or, one reference in ten, wrong where the scene offers it."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.pool import quoted
from tests.strategies.scenes import Reference, Scene
from tests.strategies.schema import TEXTUAL, Kind, literal, plain_values

DEPTH = 3


@st.composite
def conditions(draw: DrawFn, scene: Scene, depth: int = DEPTH) -> str:
    """A condition, in parentheses wherever the grammar could ask for them."""
    shape = draw(st.integers(0, 9)) if depth else 0
    if shape <= 4:
        return draw(atoms(scene))
    if shape == 5:
        return f"not ({draw(conditions(scene, depth - 1))})"
    if shape == 6 and len(scene.issuers) > 1:
        return draw(by_issuer(scene, depth - 1))
    word = " and " if shape < 8 else " or "
    parts = draw(st.lists(conditions(scene, depth - 1), min_size=2, max_size=3))
    return word.join(f"({part})" for part in parts)


@st.composite
def by_issuer(draw: DrawFn, scene: Scene, depth: int) -> str:
    """A condition that only some issuer's tokens are asked."""
    issuer = draw(st.sampled_from(scene.issuers))
    inner = draw(conditions(scene.narrowed(issuer), depth))
    name = issuer or "anonymous"
    return draw(st.sampled_from((f"issuer is {name} and ({inner})", f"issuer is not {name} or ({inner})")))


@st.composite
def atoms(draw: DrawFn, scene: Scene) -> str:
    """The smallest conditions: one operator around one reference, guarded where it may be absent."""
    if scene.wrong and draw(st.integers(0, 9)) == 0:
        return f"(({draw(st.sampled_from(scene.wrong))}))"
    ref = draw(st.sampled_from(scene.references))
    if not ref.maybe:
        return draw(plain_atoms(scene, ref, ref.text))
    form = draw(st.integers(0, 4))
    if form == 0:
        return f"{ref.text} {draw(st.sampled_from(('present', 'absent')))}"
    if form == 1 and ref.kind.word not in {"time", "cidr", "set"}:
        return draw(plain_atoms(scene, ref, f"({ref.text} ?? {literal(draw(plain_values(ref.kind)))})"))
    inner = draw(plain_atoms(scene, ref, ref.text))
    return draw(st.sampled_from((f"({ref.text} present and {inner})", f"({ref.text} absent or {inner})")))


def plain_atoms(scene: Scene, ref: Reference, subject: str) -> st.SearchStrategy[str]:
    """Tests of a value that is there; ``subject`` is the reference, or the reference with its default."""
    others = [
        other.text for other in scene.references if alike(ref.kind, other.kind) and not other.maybe and other != ref
    ]
    match ref.kind.word:
        case "int":
            return _integers(ref.kind, subject, others)
        case "bool":
            return st.sampled_from((subject, f"not {subject}", f"{subject} == true", f"{subject} != true"))
        case "time":
            return st.sampled_from([f"{ref.text} older than {text}" for text in pool.DURATIONS])
        case "ip" | "cidr":
            listed = st.lists(st.sampled_from(pool.NETWORKS), min_size=1, max_size=2, unique=True)
            word = st.sampled_from(("in", "not in"))
            sets = [
                other.text
                for other in scene.references
                if other.kind.word == "set" and other.kind.of.word == "cidr" and not other.maybe
            ]
            return st.tuples(word, listed.map(literal) | (st.sampled_from(sets) if sets else st.nothing())).map(
                lambda pair: f"{subject} {pair[0]} {pair[1]}"
            )
        case "set":
            return _sets(scene, ref, subject, others)
        case _:
            return _texts(ref.kind, subject, others)


def alike(one: Kind, other: Kind) -> bool:
    """Whether values of the two compare."""
    return one.word == other.word or {one.word, other.word} <= TEXTUAL


def _integers(kind: Kind, subject: str, others: list[str]) -> st.SearchStrategy[str]:
    number = plain_values(kind).map(str)
    operator = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
    plain = st.builds(lambda op, right: f"{subject} {op} {right}", operator, number | _one_of(others))
    if not -(2**62) <= kind.low <= kind.high <= 2**62:
        return plain
    shifted = st.builds(
        lambda sign, by, op, right: f"{subject} {sign} {by} {op} {right}",
        st.sampled_from(("+", "-")), st.sampled_from(("1", "2", "50")), operator, number,
    )  # fmt: skip
    return plain | shifted


def _texts(kind: Kind, subject: str, others: list[str]) -> st.SearchStrategy[str]:
    text = plain_values(kind).map(quoted)
    listed = st.lists(plain_values(kind), min_size=1, max_size=3, unique=True).map(literal)
    found = [
        st.builds(lambda op, right: f"{subject} {op} {right}", st.sampled_from(("==", "!=")), text | _one_of(others)),
        st.builds(lambda op, right: f"{subject} {op} {right}", st.sampled_from(("in", "not in")), listed),
    ]
    if kind.word != "email":
        ends = st.sampled_from(("a", "b", "min", "or", "{", "go", "f"))
        tests = [
            st.builds(
                lambda word, end: f"{subject} {word} {quoted(end)}", st.sampled_from(("starts with", "ends with")), ends
            ),
            st.sampled_from(pool.PATTERNS).map(lambda pattern: f"{subject} matches {quoted(pattern)}"),
        ]
        found += tests
    return st.one_of(found)


def _sets(scene: Scene, ref: Reference, subject: str, others: list[str]) -> st.SearchStrategy[str]:
    item = ref.kind.of
    if item.word == "cidr":
        return st.sampled_from((f"client.ip in {subject}", f"peer.ip not in {subject}"))
    single = [other.text for other in scene.references if alike(item, other.kind) and not other.maybe]
    text = plain_values(item).map(quoted) | _one_of(single)
    listed = plain_values(ref.kind).map(literal)
    same = [other.text for other in scene.references if other.kind == ref.kind and not other.maybe and other != ref]
    return st.one_of(
        st.builds(lambda one, word: f"{one} {word} {subject}", text, st.sampled_from(("in", "not in"))),
        st.builds(
            lambda word, some: f"{word} of {some} in {subject}", st.sampled_from(("any", "all")), listed | _one_of(same)
        ),
        st.builds(lambda word, some: f"{word} of {subject} in {some}", st.sampled_from(("any", "all")), listed),
        st.builds(lambda op, some: f"{subject} {op} {some}", st.sampled_from(("==", "!=")), listed),
    )


def _one_of(texts: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(texts) if texts else st.nothing()
