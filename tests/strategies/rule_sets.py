"""Whole rule sets: a schema, then routes, then what is said about them."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.strategies import pool
from tests.strategies.draws import below, one_in, pick, some
from tests.strategies.items import World, limit, policies, probe, rule, select
from tests.strategies.routes import RouteSpec, routes
from tests.strategies.sayings import headers, identity_token
from tests.strategies.schema import Schema, schema

MISTAKES = (
    'claims.no_such_claim == "a"',
    "metadata.no_such_field",
    'path.no_such_capture == "a"',
    'client.address in ["10.0.0.0/8"]',
    'client.ip == "10.0.0.1"',
    "claims.sub == 1",
    'claims.sub > "a"',
    "claims.sub and claims.sub",
    "1 == 1",
    "true",
    "issuer is nobody",
    "no_such_let",
    'claims.sub in "superadmin"',
    "claims.sub older than 1s",
    "claims.sub + 1 == 2",
    'client.ip in ["10.0.0.1/8"]',
    'claims.sub == "{claims.sub}"',
)
"""Conditions that no rule set may have, whatever it declares."""


@dataclass(frozen=True)
class RuleSet:
    """``items`` are the source of a rule set, item by item; ``mistaken`` are those with a mistake put in on purpose."""

    schema: Schema
    routes: tuple[RouteSpec, ...]
    items: tuple[str, ...]

    @property
    def mistaken(self) -> frozenset[str]:
        """The items that hold a mistake."""
        return frozenset(item for item in self.items if any(f"(({mistake}))" in item for mistake in MISTAKES))

    def text(self, items: tuple[str, ...] | None = None) -> str:
        """The source of all the items, or of some."""
        return "language 1\n" + "\n".join(self.items if items is None else items) + "\n"


@st.composite
def rule_sets(draw: DrawFn, wrong: tuple[str, ...] = ()) -> RuleSet:
    """A rule set; one reference in ten is one of ``wrong``."""
    whole = schema(draw)
    made = routes(draw, whole)
    trusted = {issuer for route in made for issuer in route.trust}
    known = replace(whole, issuers=tuple(issuer for issuer in whole.issuers if issuer.name in trusted))
    selected = some(draw, [route for route in made if route.trust and (not route.anonymous or one_in(draw, 4))])
    world = World(known, made, frozenset(route.name for route in selected), wrong)
    items = [*(f"secret {name}" for name in pool.SECRETS), *(issuer.source for issuer in known.issuers)]
    items += [f"keyring {name} {{ }}" for name in {issuer.verified_by for issuer in known.issuers} - {None}]
    if known.fields is not None:
        items.append("metadata { fresh within 30s  " + "  ".join(field.source for field in known.fields) + " }")
    items += [route.source for route in made]
    items += policies(draw)
    items += [select(draw, world, selected)] if selected else []
    for number, route in enumerate(made):
        items += rule(draw, f"a{number}", "allow", world, [route])
    for number in range(draw(below(7))):
        items += rule(draw, f"n{number}", pick(draw, EFFECTS), world)
    items += [probe(draw, f"p{number}", world) for number in range(3 + draw(below(5)))]
    items += [headers(draw, number, world) for number in range(draw(below(3)))]
    items += identity_token(draw, "t0", world) if one_in(draw, 2) else []
    items += [limit(draw, f"l{number}", world) for number in range(draw(below(3)))]
    return RuleSet(known, made, tuple(items))


EFFECTS = ("allow", "allow", "deny", "deny", "deny", "shadow allow", "shadow deny")
