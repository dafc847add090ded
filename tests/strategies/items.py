"""The other items of a rule set, as source text: rules, policies and selects, headers, identity tokens, limits."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.conditions import conditions
from tests.strategies.pool import quoted
from tests.strategies.routes import RouteSpec
from tests.strategies.scenes import ANY_TEXT, Reference, Scene, scene
from tests.strategies.schema import Schema

RATES = ("rate 1 per 1s burst 1", "rate 3 per 1s burst 2", "rate 7 per 15min burst 3", "rate 1_000 per 1s burst 1_000")
QUOTAS = ("quota 2 per day", "quota 3 per day", "quota unlimited")
AMOUNTS = (
    *RATES,
    *QUOTAS[:2],
    "quota 1 per week",
    'quota 2 per month in "America/New_York"',
    'quota 2 per day in "Europe/Berlin"',
    "quota 1 per 1s from first use",
    "quota 2 per 1d from first use",
)


@st.composite
def scopes(draw: DrawFn, routes: Sequence[RouteSpec]) -> tuple[str, list[RouteSpec]]:
    """A scope as written, and the routes it holds."""
    options: list[tuple[str, list[RouteSpec]]] = [("all", list(routes))]
    some = draw(st.lists(st.sampled_from(routes), min_size=1, unique_by=lambda route: route.name))
    options += [(", ".join(route.name for route in some), some)] * 4
    options += [(f"routes tagged {t}", [r for r in routes if t in r.tags]) for t in ("hot", "cold")]
    options += [(f"routes with path.{c}", [r for r in routes if c in r.captures]) for c in ("tenant", "id", "zone")]
    options += [(f"routes trusting {i}", [r for r in routes if i in r.trust]) for i in ("iss0", "iss1")]
    options += [("routes trusting anonymous", [r for r in routes if r.anonymous])]
    return draw(st.sampled_from([(text, held) for text, held in options if held]))


@st.composite
def methods(draw: DrawFn, held: Sequence[RouteSpec]) -> str:
    """Mostly nothing, else ``for`` and some methods of all the routes."""
    common = [method for method in pool.METHODS if all(method in route.methods for route in held)]
    if not common or draw(st.integers(0, 2)):
        return ""
    return " for " + ", ".join(draw(st.lists(st.sampled_from(common), unique=True, min_size=1)))


@st.composite
def rules(
    draw: DrawFn,
    name: str,
    effect: str,
    schema: Schema,
    routes: Sequence[RouteSpec],
    granted: frozenset[str],
    wrong: tuple[str, ...],
) -> list[str]:
    """A rule, and the ``let`` it uses if it does."""
    if effect.endswith("allow"):
        held = draw(st.lists(st.sampled_from(routes), min_size=1, unique_by=lambda route: route.name))
        scope = ", ".join(route.name for route in held)
    else:
        scope, held = draw(scopes(routes))
    here = scene(schema, held, granted, wrong)
    lets: list[str] = []
    condition = " always"
    if effect != "allow" or draw(st.integers(0, 3)):
        condition = f" when {draw(conditions(here))}"
        if draw(st.integers(0, 9)) == 0:
            lets = [f"let let_{name} ={condition.removeprefix(' when')}"]
            condition = f" when let_{name}"
        condition += f" unless {draw(conditions(here, 1))}" if draw(st.integers(0, 5)) == 0 else ""
    tail = ""
    if effect != "deny" and draw(st.integers(0, 3)) == 0:
        tail = f" until {pool.instant(pool.BASE + draw(st.sampled_from((-1, 0, 1, 5, 900))))}"
    elif effect == "deny" and draw(st.integers(0, 3)) == 0:
        tail = f" answer step_up {quoted(draw(st.sampled_from(pool.ACRS)))}"
    return [*lets, f"{effect} {name} on {scope}{draw(methods(held))}{condition}{tail}"]


@st.composite
def policies(draw: DrawFn) -> list[str]:
    """Every policy that claims can name."""
    made = []
    for name in pool.POLICIES:
        parts = [draw(st.sampled_from((*RATES, ""))), draw(st.sampled_from((*QUOTAS, "")))]
        grants = draw(st.lists(st.sampled_from(pool.GRANTS), unique=True))
        parts += ["grants " + ", ".join(quoted(grant) for grant in grants)] if grants else []
        made.append(f"policy {name} {{ {'  '.join(part for part in parts if part)} }}")
    return made


@st.composite
def selects(draw: DrawFn, schema: Schema, held: Sequence[RouteSpec], wrong: tuple[str, ...]) -> str:
    """A select over some routes."""
    every = draw(st.booleans())
    here = scene(schema, held, frozenset(), wrong)
    word = "add" if every else "use"
    naming = [ref.text for ref in here.references if names_policies(ref, every=every)]
    arms = []
    for _ in range(draw(st.integers(0, 2))):
        condition = f"when {draw(conditions(here, 1))}"
        arms.append(f"{word} {draw(st.sampled_from((*pool.POLICIES, *naming * 3)))} {condition}")
    if every and naming and draw(st.booleans()):
        arms.append(f"add {draw(st.sampled_from(naming))}")
    last = [f"{word} {name} otherwise" for name in pool.POLICIES] + ["refuse otherwise"]
    arms.append(draw(st.sampled_from(last + ([] if every else [f"use {ref}" for ref in naming] * 3))))
    scope = ", ".join(route.name for route in held)
    return f"select {'policies' if every else 'policy'} on {scope} {{\n  " + "\n  ".join(arms) + "\n}"


def names_policies(ref: Reference, *, every: bool) -> bool:
    """Whether the values of a reference are names of policies, as many as the select takes."""
    if (ref.kind.word == "set") is not every or ref.maybe:
        return False
    kind = ref.kind.of if every else ref.kind
    return kind.word == "enum" and set(kind.values) <= set(pool.POLICIES)


@st.composite
def headers(draw: DrawFn, number: int, schema: Schema, routes: Sequence[RouteSpec], granted: frozenset[str]) -> str:
    """A block of headers with names of its own."""
    held = draw(st.lists(st.sampled_from(routes), min_size=1, unique_by=lambda route: route.name))
    here = scene(schema, held, granted)
    direction = draw(st.sampled_from(("request", "request", "response")))
    lines = []
    for index in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from((f"X-H{number}-{index}", f'"X_H{number}_{index}"', f'"x-h{number}-{index}"')))
        lines.append(f"  set {name} {draw(header_values(here, direction))}")
    lines.append(draw(st.sampled_from(("", "  remove Server", '  remove "X-Internal-*", Cookie'))))
    scope = ", ".join(route.name for route in held)
    return f"{direction} headers on {scope} {{\n" + "\n".join(line for line in lines if line) + "\n}"


@st.composite
def header_values(draw: DrawFn, here: Scene, direction: str) -> str:
    """A template, a joined set, or a secret; with what it takes where something may be absent."""
    sets = [ref for ref in here.references if ref.kind.word == "set"]
    form = draw(st.integers(0, 5))
    if form == 0 and direction == "request":
        return f"secret.{draw(st.sampled_from(sorted(pool.SECRETS)))}"
    if form <= 2 and sets:
        ref = draw(st.sampled_from(sets))
        separator = quoted(draw(st.sampled_from((",", " ", ";"))))
        return f"{ref.text} joined by {separator}{omission(ref.maybe, draw(st.booleans()))}"
    scalars = [ref for ref in here.references if ref.kind.word not in {"set", "ip"} and ref.kind != ANY_TEXT]
    if not scalars:
        return '"fixed"'
    refs = draw(st.lists(st.sampled_from(scalars), max_size=2, unique_by=lambda ref: ref.text))
    words = draw(st.lists(st.sampled_from(("v", "=", "\\{x\\}", "a b", ";")), min_size=len(refs), max_size=len(refs)))
    text = "".join(f"{word}{{{ref.text}}}" for word, ref in zip(words, refs, strict=True)) or "fixed"
    text = text if draw(st.booleans()) or not refs else f"{{{refs[0].text}}}"
    empty = text.startswith("{") and draw(st.booleans())
    return f'"{text}"{omission(any(ref.maybe for ref in refs), empty)}'


def omission(needed: bool, wanted: bool) -> str:
    """What is written behind a value that may be absent, or that is left out when empty."""
    return " omit when absent" if needed else " omit when empty" if wanted else ""


@st.composite
def identity_tokens(draw: DrawFn, name: str, schema: Schema, routes: Sequence[RouteSpec]) -> str | None:
    """An identity token, where there are routes without anonymous requests."""
    known = [route for route in routes if not route.anonymous]
    if not known:
        return None
    held = draw(st.lists(st.sampled_from(known), min_size=1, unique_by=lambda route: route.name))
    here = scene(schema, held, frozenset())
    refs = [ref for ref in here.references if ref.text.startswith(("claims.", "metadata.", "path."))]
    chosen = draw(st.lists(st.sampled_from(refs), max_size=4, unique_by=lambda ref: ref.text.split(".")[1]))
    claims = "  ".join(f"m_{ref.text.split('.')[1]}: {ref.text}" for ref in chosen)
    scope = ", ".join(route.name for route in held)
    out = draw(st.sampled_from((f"header X-Id-{name}", f"header X-Id-{name} bearer")))
    fixed = 'audience "svc"  subject claims.sub  lifetime 60s'
    return f"identity token {name} on {scope} {{ {fixed}  {out}  claims {{ {claims} }} }}"


@st.composite
def limits(draw: DrawFn, name: str, schema: Schema, routes: Sequence[RouteSpec]) -> str:
    """A limit, counted by who, where or what."""
    scope, held = draw(scopes(routes))
    here = scene(schema, held, frozenset())
    countable = [ref.text for ref in here.references if not ref.maybe and ref.kind.word not in {"set", "cidr", "time"}]
    known = all(not route.anonymous for route in held)
    key = draw(st.sampled_from(["route", *(["identity"] * 2 if known else []), *countable]))
    outage = draw(st.sampled_from(("allow", "deny")))
    return f"limit {name} on {scope} by {key} {{ {draw(st.sampled_from(AMOUNTS))} on outage {outage} }}"
