"""The other items of a rule set, as source text: rules, policies and selects, limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.conditions import DEPTH, condition
from tests.strategies.draws import below, one_in, pick, some
from tests.strategies.pool import quoted
from tests.strategies.routes import RouteSpec
from tests.strategies.scenes import Reference, Scene, scene
from tests.strategies.schema import Schema

RATES = (
    "rate 1 per 1s burst 1",
    "rate 3 per 1s burst 2",
    "rate 7 per 15min burst 3",
    "rate 1_000 per 1min burst 1_000",
)
QUOTAS = ("quota 2 per day", "quota 3 per day", "quota unlimited")
CONCURRENCIES = ("concurrent 1 held at most 1s", "concurrent 2 held at most 1h")
AMOUNTS = (
    *RATES,
    *QUOTAS[:2],
    "quota 1 per week",
    'quota 2 per month in "America/New_York"',
    'quota 2 per day in "Europe/Berlin"',
    "quota 1 per 1s from first use",
    "quota 2 per 1d from first use",
    "quota 5 per 1d from first use lease 2",
    "quota 4 per day lease 2",
    *CONCURRENCIES,
)


@dataclass(frozen=True)
class World:
    """What items are made for: a schema, its routes, those that have a select, and mistakes to be made, if any."""

    schema: Schema
    routes: tuple[RouteSpec, ...]
    granted: frozenset[str]
    wrong: tuple[str, ...] = ()

    def scene(self, held: Sequence[RouteSpec]) -> Scene:
        """The scene of a scope."""
        return scene(self.schema, held, self.granted, self.wrong)


def scope(draw: DrawFn, routes: Sequence[RouteSpec]) -> tuple[str, list[RouteSpec]]:
    """A scope as written, and the routes it holds."""
    few = some(draw, routes, 1)
    options: list[tuple[str, list[RouteSpec]]] = [(names(few), few)] * 4 + [("all", list(routes))]
    options += [(f"routes tagged {t}", [r for r in routes if t in r.tags]) for t in ("hot", "cold")]
    options += [(f"routes with path.{c}", [r for r in routes if c in r.captures]) for c in ("tenant", "id", "zone")]
    options += [(f"routes trusting {i}", [r for r in routes if i in r.trust]) for i in ("iss0", "iss1")]
    options += [("routes trusting anonymous", [r for r in routes if r.anonymous])]
    return pick(draw, [(text, held) for text, held in options if held])


def names(routes: Sequence[RouteSpec]) -> str:
    """The names of routes, as a scope."""
    return ", ".join(route.name for route in routes)


def rule(draw: DrawFn, name: str, effect: str, world: World, held: Sequence[RouteSpec] | None = None) -> list[str]:
    """A rule, and the ``let`` it uses if it does. ``held``: its routes, where they are given."""
    if effect.endswith("allow"):
        held = held or some(draw, world.routes, 1)
        written = names(held)
    else:
        written, held = scope(draw, world.routes)
    here = world.scene(held)
    common = [method for method in pool.METHODS if all(method in route.methods for route in held)]
    methods = " for " + ", ".join(some(draw, common, 1)) if common and one_in(draw, 3) else ""
    lets: list[str] = []
    clause = " always"
    if effect != "allow" or not one_in(draw, 3):
        clause = f" when {condition(draw, here, draw(below(DEPTH + 1)))}"
        if one_in(draw, 10):
            lets = [f"let let_{name} ={clause.removeprefix(' when')}"]
            clause = f" when let_{name}"
        clause += f" unless {condition(draw, here, 1)}" if one_in(draw, 6) else ""
    tail = ""
    if effect != "deny" and one_in(draw, 4):
        tail = f" until {pool.instant(pool.BASE + pick(draw, (900, 5, 1, 0, -1)))}"
    elif effect == "deny" and one_in(draw, 4):
        tail = f" answer step_up {quoted(pick(draw, pool.ACRS))}"
    return [*lets, f"{effect} {name} on {written}{methods}{clause}{tail}"]


def probe(draw: DrawFn, name: str, world: World) -> str:
    """A small condition whose value shows in every decision, as no rule's does that others overrule."""
    written, held = scope(draw, world.routes)
    return f"shadow deny {name} on {written} when {condition(draw, world.scene(held), draw(below(2)))}"


def policies(draw: DrawFn) -> list[str]:
    """Every policy that claims can name."""
    made = []
    for name in pool.POLICIES:
        parts = [pick(draw, (*RATES, "")), pick(draw, (*QUOTAS, ""))]
        grants = some(draw, pool.GRANTS)
        parts += ["grants " + ", ".join(quoted(grant) for grant in grants)] if grants else []
        made.append(f"policy {name} {{ {'  '.join(part for part in parts if part)} }}")
    return made


def select(draw: DrawFn, world: World, held: Sequence[RouteSpec]) -> str:
    """A select over some routes."""
    every = one_in(draw, 2)
    here = scene(world.schema, held, frozenset(), world.wrong)
    word = "add" if every else "use"
    naming = [ref.text for ref in here.references if names_policies(ref, every=every)]
    arms = []
    for _ in range(draw(below(4))):
        always = every and one_in(draw, 3)
        clause = "always" if always else f"when {condition(draw, here, draw(below(2)))}"
        arms.append(f"{word} {pick(draw, pool.POLICIES if always else (*pool.POLICIES, *naming * 3))} {clause}")
    if every and naming and one_in(draw, 2):
        arms.append(f"add {pick(draw, naming)}")
    if not any(arm.endswith(" always") for arm in arms):
        last = [f"{word} {name} otherwise" for name in pool.POLICIES] + ["refuse otherwise"]
        arms.append(pick(draw, last + ([] if every else [f"use {ref}" for ref in naming] * 3)))
    return f"select {'policies' if every else 'policy'} on {names(held)} {{\n  " + "\n  ".join(arms) + "\n}"


def names_policies(ref: Reference, *, every: bool) -> bool:
    """Whether the values of a reference are names of policies, as many as the select takes."""
    if (ref.kind.word == "set") is not every or ref.maybe:
        return False
    kind = ref.kind.of if every else ref.kind
    return kind.word == "enum" and set(kind.values) <= set(pool.POLICIES)


def limit(draw: DrawFn, name: str, world: World) -> str:
    """A limit, counted by who, where or what."""
    written, held = scope(draw, world.routes)
    references = world.scene(held).references
    countable = [ref.text for ref in references if not ref.maybe and ref.kind.word not in {"set", "cidr", "time"}]
    known = all(not route.anonymous for route in held)
    owned = [text for text in countable if text.startswith(("claims.", "metadata."))]
    key = pick(draw, ["route", *(["identity"] * 2 if known else []), *countable, *owned * 2])
    return f"limit {name} on {written} by {key} {{ {pick(draw, AMOUNTS)} on outage {pick(draw, ('allow', 'deny'))} }}"
