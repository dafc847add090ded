"""Whole rule sets with requests for them: schema, then routes, then rules, then eight requests."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from policylang.runtime.ask import Ask
from tests.strategies import pool
from tests.strategies.asks import asks
from tests.strategies.items import headers, identity_tokens, limits, policies, rules, selects
from tests.strategies.routes import RouteSpec, routes
from tests.strategies.schema import Schema, schemas

REQUESTS = 8

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
    schema = draw(schemas())
    made = draw(routes(schema))
    trusted = {issuer for route in made for issuer in route.trust}
    schema = replace(schema, issuers=tuple(issuer for issuer in schema.issuers if issuer.name in trusted))
    known = [route for route in made if route.trust and (not route.anonymous or draw(st.integers(0, 3)) == 0)]
    selected = draw(st.lists(st.sampled_from(known), unique_by=lambda r: r.name)) if known else []
    granted = frozenset(route.name for route in selected)
    items = [*(f"secret {name}" for name in pool.SECRETS), *(issuer.source for issuer in schema.issuers)]
    if schema.fields is not None:
        items.append("metadata { fresh within 30s  " + "  ".join(field.source for field in schema.fields) + " }")
    items += [route.source for route in made]
    items += draw(policies())
    items += [draw(selects(schema, selected, wrong))] if selected else []
    for number, route in enumerate(made):
        items += draw(rules(f"a{number}", "allow", schema, [route], granted, wrong))
    for number, effect in enumerate(draw(st.lists(st.sampled_from(EFFECTS), max_size=6))):
        items += draw(rules(f"n{number}", effect, schema, made, granted, wrong))
    items += [draw(headers(number, schema, made, granted)) for number in range(draw(st.integers(0, 2)))]
    tokens = [draw(identity_tokens(f"t{number}", schema, made)) for number in range(draw(st.integers(0, 1)))]
    items += [token for token in tokens if token is not None]
    items += [draw(limits(f"l{number}", schema, made)) for number in range(draw(st.integers(0, 2)))]
    return RuleSet(schema, made, tuple(items))


EFFECTS = ("allow", "allow", "deny", "deny", "deny", "shadow allow", "shadow deny")


@st.composite
def cases(draw: DrawFn, count: int = REQUESTS) -> tuple[RuleSet, list[Ask]]:
    """A rule set and requests for it."""
    made = draw(rule_sets())
    return made, draw(asks(made.schema, made.routes, count))
