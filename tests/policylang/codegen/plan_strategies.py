"""Small plans and requests at random: well-typed expressions, guarded or not, over few values, so that they collide."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from policylang.plan import model
from policylang.plan.model import Expr, Quota, Rate
from policylang.runtime.cell import Claims, Fields
from policylang.runtime.verdict import RequestFacts
from tests.policylang.codegen import small_plans as sp

TEXTS = ("", "a", "ab", "acme", "x,y", " a", "a\r\nX: 1", "é", "free")
SLUGS = ("a", "ab", "acme", "x")
NUMBERS = (-(2**63), -1, 0, 1, 7, 50, 2**63 - 1)
SECONDS = (0, 1, 999, 1000, 1001)
NOW = 1_000_000_000
MICROS = (0, 1, 999_999, 1_000_000, 1_000_001)
NETWORKS = ("10.0.0.0/8", "10.0.0.1/32", "fd00::/8", "0.0.0.0/0")
ADDRESSES = ("10.0.0.1", "10.0.0.2", "192.0.2.1", "fd00::1", "::1")

texts = st.sampled_from([*map(sp.text, TEXTS), sp.SUB, sp.TENANT, sp.PLAN, sp.PATH_TENANT, sp.EVENT, sp.OTHER])
sets = st.sampled_from([sp.SCOPE, sp.ROLES, sp.GRANTS, sp.texts(), sp.texts("a"), sp.texts("a", "ab", "x,y")])
optional = st.sampled_from([sp.RISK, sp.LOGIN, sp.LEVEL, sp.SINCE, sp.EVENT, sp.OTHER])
instants = st.sampled_from([sp.LOGIN, sp.SINCE])


def _numbers() -> SearchStrategy[Expr]:
    plain = st.sampled_from([*map(sp.number, NUMBERS), sp.RISK, sp.LEVEL, sp.PATH_NUMBER])
    defaulted = st.builds(lambda ref, n: ("else", ref, n), st.sampled_from([sp.RISK, sp.LEVEL]), plain)
    sums = st.builds(lambda op, a, b: (op, a, b), st.sampled_from(["add", "sub"]), plain, defaulted)
    return plain | defaulted | sums


numbers = _numbers()


def _atoms() -> SearchStrategy[Expr]:
    comparisons = st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"])
    addresses = st.sampled_from([sp.CLIENT, sp.PEER])
    networks = st.sets(st.sampled_from(NETWORKS), min_size=1).map(lambda found: sp.nets(*found)) | st.just(sp.NETS)
    headers = st.builds(lambda h, v: ("else", h, v), st.sampled_from([sp.EVENT, sp.OTHER]), texts)
    patterns = st.sampled_from(["", "a", "a*", "*", "?", "*b", "a?*"])
    return st.one_of(
        st.sampled_from([sp.FLAG, sp.BLOCKED]),
        st.builds(lambda how, a, b: ("cmp", how, a, b), comparisons, texts | headers, texts),
        st.builds(lambda how, a, b: ("cmp", how, a, b), comparisons, numbers, numbers),
        st.builds(lambda a, b: ("cmp", "eq", a, b), sets, sets),
        st.builds(lambda item, found: ("in", item, found), texts, sets),
        st.builds(lambda item, found: ("innet", item, found), addresses, networks),
        st.builds(lambda how, a, b: ("meets", how, a, b), st.sampled_from(["any", "all"]), sets, sets),
        st.builds(lambda ref: ("present", ref), optional),
        st.builds(lambda ref, micros: ("older", ref, micros), instants, st.sampled_from(MICROS)),
        st.builds(lambda op, x, p: (op, x, p), st.sampled_from(["starts", "ends", "glob"]), texts, patterns),
        st.sampled_from([("issuer", "corp"), ("issuer", "robots"), ("issuer", None)]),
    )


atoms = _atoms()


@st.composite
def guarded(draw: DrawFn) -> Expr:
    """A use behind its guard, in either order: what checked rules are made of."""
    ref = draw(st.sampled_from([sp.RISK, sp.LEVEL]))
    use = ("cmp", draw(st.sampled_from(["lt", "gt"])), ref, draw(numbers))
    if draw(st.booleans()):
        return ("and", *draw(st.permutations([("present", ref), use, draw(atoms)])))
    return ("or", *draw(st.permutations([("not", ("present", ref)), use, draw(atoms)])))


def _conditions() -> SearchStrategy[Expr]:
    leaves = atoms | guarded()

    def larger(inner: SearchStrategy[Expr]) -> SearchStrategy[Expr]:
        several = st.lists(inner, min_size=2, max_size=4)
        return st.one_of(
            st.builds(lambda x: ("not", x), inner),
            st.builds(lambda op, xs: (op, *xs), st.sampled_from(["and", "or"]), several),
            st.builds(lambda a, b: ("cmp", "eq", a, b), inner, inner),
        )

    return st.recursive(leaves, larger, max_leaves=6)


conditions = _conditions()


def without_grants(expr: Any) -> bool:
    return expr != sp.GRANTS and all(without_grants(e) for e in expr if isinstance(e, tuple) and e and e[0] != "lit")


ungranted = conditions.filter(without_grants)
maybe = st.none() | conditions
maybe_ungranted = st.none() | ungranted
references = st.sampled_from(
    [sp.SUB, sp.TENANT, sp.RISK, sp.FLAG, sp.LEVEL, sp.PATH_TENANT, sp.PATH_NUMBER, sp.EVENT, sp.CLIENT, sp.LOGIN]
)
COUNTS: dict[model.Effect, tuple[int, ...]] = {"allow": (0, 1, 2, 3), "deny": (0, 0, 0, 1, 2), "shadow deny": (0, 0, 1)}
POLICIES = (
    model.Policy("free", Rate(5, 1_000_000, 10), Quota(1000, "day", 0, "UTC"), (), 0),
    model.Policy("gold", Rate(10, 2_000_000, 20), None, ("a",), 0, model.Concurrency(2, 1_000_000)),
    model.Policy("x", None, Quota(None, None, 0, "UTC"), ("ab", "x,y"), 0),
)


@st.composite
def plans(draw: DrawFn) -> model.Plan:
    """A plan of ``small_plans``: up to four rules of each kind, a select, headers, a token and limits."""
    build = sp.Build(anonymous=True, policies=POLICIES)
    for effect, counts in COUNTS.items():
        for i in range(draw(st.sampled_from(counts))):
            expr = draw(maybe)
            methods = draw(st.sampled_from([(), ("GET",), ("POST",)]))
            until = draw(st.sampled_from([None, None, 1, 1000, 1001])) if effect != "deny" else None
            step_up = draw(st.sampled_from([None, "mfa", "hwk"])) if effect == "deny" else None
            build.rule(effect, f"{effect[0]}{i}", expr, methods=methods, until=until, step_up=step_up)
    if draw(st.booleans()):
        arms = [(draw(st.integers(0, 2)), draw(maybe_ungranted)) for _ in range(draw(st.integers(1, 3)))]
        build.choose(*arms, every=draw(st.booleans()), otherwise=draw(st.sampled_from((-1, -1, 0, 2))))
        named = model.Arm(-1, sp.PLAN, sp.condition(draw(ungranted)), 0)
        if draw(st.booleans()) and build.select is not None:
            build.select = model.Select(build.select.every, (named, *build.select.arms), build.select.otherwise, 0)
    _said(draw, build)
    return build.plan()


def _said(draw: DrawFn, build: sp.Build) -> None:
    omit = st.sampled_from([None, "absent", "empty"])
    for name in draw(st.sampled_from([(), ("X-A",), ("X-C", "X-B", "x-a")])):
        parts = tuple(draw(st.lists(references | st.just(sp.text("t=")), min_size=1, max_size=3)))
        build.header(name, *parts, omit=draw(omit))
    if draw(st.booleans()):
        joined = draw(st.sampled_from([sp.SCOPE, sp.ROLES, sp.GRANTS]))
        build.header("X-Joined", joined=joined, separator=",", omit=draw(omit), direction="response")
    if draw(st.booleans()):
        build.token("t", draw(references), ("roles", draw(references)), ("scope", sp.SCOPE))
    if draw(st.booleans()):
        build.limit("by_ref", "ref", Rate(1, 1, 1), draw(references))
        build.limit("by_route", "route", Quota(None, None, 0, "UTC"))
        build.limit("slots", draw(st.sampled_from(["identity", "route"])), model.Concurrency(3, 5_000_000))
        build.limit("ours", draw(st.sampled_from(["identity", "route"])), Quota(3, "anchored", 5, "UTC"))


@dataclass(frozen=True)
class Question:
    """One request to one cell, everything decoded."""

    method: str
    issuer: int | None
    claims: Claims
    fields: Fields | None
    request: RequestFacts


@st.composite
def questions(draw: DrawFn) -> Question:
    issuer = draw(st.sampled_from([0, 0, 0, 1, None]))
    some_texts = st.frozensets(st.sampled_from(TEXTS[1:]), max_size=2)
    claims: Claims = ()
    if issuer == 0:
        claims = sp.claims_of(
            flag=draw(st.booleans()),
            login=draw(st.none() | st.sampled_from(SECONDS)),
            nets=draw(st.frozensets(st.sampled_from(NETWORKS), max_size=2)),
            plan=draw(st.sampled_from(["free", "gold"])),
            risk=draw(st.none() | st.sampled_from(NUMBERS)),
            scope=draw(some_texts),
            sub=draw(st.sampled_from(TEXTS)),
            tenant=draw(st.sampled_from(SLUGS)),
        )
    elif issuer == 1:
        claims = (draw(st.sampled_from(TEXTS)), "robots")
    fields: Fields | None = None
    if issuer is not None and draw(st.integers(0, 3)):
        fields = sp.fields_of(
            blocked=draw(st.booleans()),
            level=draw(st.none() | st.sampled_from(NUMBERS)),
            roles=draw(st.frozensets(st.sampled_from(SLUGS), max_size=2)),
            since=draw(st.none() | st.sampled_from(SECONDS)),
        )
    headers = draw(st.dictionaries(st.sampled_from(["x-event", "x-other"]), st.sampled_from(["", "a", "ab"])))
    now = NOW + draw(st.sampled_from([-1_000_001, -1, 0, 1, 999_999, 1_000_000, 1_000_001]))
    address = st.sampled_from(ADDRESSES)
    request = RequestFacts(
        (draw(st.sampled_from([0, 7])), draw(st.sampled_from(SLUGS))), headers, draw(address), draw(address), now=now
    )
    return Question(draw(st.sampled_from(["GET", "POST"])), issuer, claims, fields, request)
