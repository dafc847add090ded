"""The boolean fragment in two languages: rule sets drawn once and written as rules and as Cedar policies.

The fragment: and, or, not; comparisons of integers and equality of texts; sums; membership, meeting and containment of
sets; presence and defaults; prefixes and suffixes; client addresses in networks; allows and denies by route and method.
A *fault* is a reference to metadata that cannot be had. Rules read it in their last operand alone, so that what is
certain without it is found before it by Cedar, which evaluates from left to right and stops at an error.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from policylang.check.model import CheckedModule
from policylang.source.tree import SourceTree, tree_of
from tests.strategies import pool
from tests.strategies.checking import judged
from tests.strategies.draws import below, one_in, pick, some

TEXTS = ("a", "ab", "b", "admin", "superadmin", "x y")
PLANS = ("free", "gold", "silver")
INTEGERS = (-5, -1, 0, 1, 3, 5)
ADDRESSES = ("10.1.2.3", "192.0.2.7", "127.0.0.1", "fd00::1")
NETWORKS = ("10.0.0.0/8", "192.0.2.7/32", "fd00::/8", "0.0.0.0/0")
ROUTES = ("orders", "search")
METHODS = ("GET", "POST")

HEAD = (
    'issuer corp { iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"  '
    "identity by claims.sub  claims { sub: text(1..64)  plan: one of " + ", ".join(map(json.dumps, PLANS)) + "  "
    "level: int -5..5  risk: int -5..5 optional  tier: text(1..64) optional  scope: set of text  "
    "tags: set of text optional  beta: bool } }",
    "metadata { fresh within 30s  roles: set of text default []  blocked: bool default false  limit: int -5..5 default 0 }",
    *(
        f'route {name} {{ match GET, POST on "/{name}"  trust corp  upstream "http://127.0.0.1:9000" }}'
        for name in ROUTES
    ),
    'allow base on orders, search when claims.sub == "root"',
)

SCHEMA = """
entity User;
entity Route;
type Facts = { roles: Set<String>, blocked: Bool, limit: Long };
action GET, POST appliesTo {
  principal: [User], resource: [Route],
  context: { sub: String, plan: String, level: Long, risk?: Long, tier?: String, scope: Set<String>,
             tags?: Set<String>, beta: Bool, client: ipaddr, facts: Facts }
};
"""
BASE = 'permit(principal, action, resource) when { context.sub == "root" };'


@dataclass(frozen=True)
class Both:
    """A condition, as rules and as Cedar write it."""

    rules: str
    cedar: str


@dataclass(frozen=True)
class BothRules:
    """One allow or deny in both languages."""

    name: str
    rules: str
    cedar: str


@dataclass(frozen=True)
class Question:
    """A request. ``facts`` None: they cannot be had."""

    method: str
    route: str
    claims: Mapping[str, Any]
    client: str
    facts: Mapping[str, Any] | None


@dataclass(frozen=True)
class Fragment:
    """A rule set in both languages: what the checker kept of it, for a rule that decides nothing is left out of both."""

    module: CheckedModule
    tree: SourceTree
    policies: str
    names: tuple[str, ...]
    """Of the policies, in order: Cedar calls them policy0, policy1 and so on."""

    def __repr__(self) -> str:
        return f"<{self.tree.files[0].text}\n{self.policies}>"


@st.composite
def fragments(draw: DrawFn) -> Fragment:
    """A fragment, some of whose rules read metadata."""
    rules = [_rule(draw, f"r{number}") for number in range(1 + draw(below(6)))]
    while True:
        kept = [*HEAD, *(rule.rules for rule in rules)]
        tree = tree_of({"a.rules": "language 1\n" + "\n".join(kept) + "\n"})
        module, _, errors = judged(tree)
        if module is not None:
            policies = "\n".join([BASE, *(rule.cedar for rule in rules)])
            return Fragment(module, tree, policies, ("base", *(rule.name for rule in rules)))
        text = tree.files[0].text
        blamed = {text.count("\n", 0, error.span.start) - 1 - len(HEAD) for error in errors}
        assert blamed & set(range(len(rules))), [(error.code, error.title) for error in errors]
        rules = [rule for number, rule in enumerate(rules) if number not in blamed]


def _rule(draw: DrawFn, name: str) -> BothRules:
    effect, cedar = pick(draw, (("allow", "permit"), ("deny", "forbid")))
    routes, methods = some(draw, ROUTES, 1), some(draw, METHODS, 1)
    condition = _condition(draw, 2)
    if one_in(draw, 2):
        word, sign = pick(draw, (("and", "&&"), ("or", "||")))
        fact = _negated(draw, _fact(draw))
        condition = Both(f"({condition.rules}) {word} {fact.rules}", f"({condition.cedar}) {sign} {fact.cedar}")
    entities = ", ".join(f'Route::"{route}"' for route in routes)
    actions = ", ".join(f'Action::"{method}"' for method in methods)
    return BothRules(
        name,
        f"{effect} {name} on {', '.join(routes)} for {', '.join(methods)} when {condition.rules}",
        f"{cedar}(principal, action in [{actions}], resource) "
        f"when {{ resource in [{entities}] }} when {{ {condition.cedar} }};",
    )


def _condition(draw: DrawFn, depth: int) -> Both:
    if depth == 0 or one_in(draw, 3):
        return _negated(draw, _test(draw))
    word, sign = pick(draw, (("and", "&&"), ("or", "||")))
    parts = [_condition(draw, depth - 1) for _ in range(2 + draw(below(2)))]
    made = Both(
        f" {word} ".join(f"({part.rules})" for part in parts), f" {sign} ".join(f"({part.cedar})" for part in parts)
    )
    return _negated(draw, Both(f"({made.rules})", f"({made.cedar})"))


def _negated(draw: DrawFn, condition: Both) -> Both:
    if not one_in(draw, 4):
        return condition
    return Both(f"not ({condition.rules})", f"!({condition.cedar})")


def _test(draw: DrawFn) -> Both:
    kind = pick(draw, (_text_test, _plan_test, _number_test, _set_test, _address_test, _flag_test, _maybe_test))
    return kind(draw)


def _text_test(draw: DrawFn) -> Both:
    return _of_text(draw, "claims.sub", "context.sub")


def _of_text(draw: DrawFn, ref: str, path: str) -> Both:
    text = pick(draw, TEXTS)
    some_texts = _listed(some(draw, TEXTS, 1, 3))
    return pick(
        draw,
        (
            Both(f"{ref} == {_quoted(text)}", f"{path} == {_quoted(text)}"),
            Both(f"{ref} != {_quoted(text)}", f"{path} != {_quoted(text)}"),
            Both(f"{ref} in {some_texts}", f"{some_texts}.contains({path})"),
            Both(f"{ref} not in {some_texts}", f"!({some_texts}.contains({path}))"),
            Both(f"{ref} starts with {_quoted(text)}", f'{path} like "{text}*"'),
            Both(f"{ref} ends with {_quoted(text)}", f'{path} like "*{text}"'),
            Both(f'{ref} matches "a*{text}"', f'{path} like "a*{text}"'),
        ),
    )


def _plan_test(draw: DrawFn) -> Both:
    plans = _listed(some(draw, PLANS, 1, 2))
    plan = _quoted(pick(draw, PLANS))
    return pick(
        draw,
        (
            Both(f"claims.plan == {plan}", f"context.plan == {plan}"),
            Both(f"claims.plan != {plan}", f"context.plan != {plan}"),
            Both(f"claims.plan in {plans}", f"{plans}.contains(context.plan)"),
        ),
    )


def _number_test(draw: DrawFn) -> Both:
    if one_in(draw, 3):
        op = pick(draw, COMPARISONS)
        return Both(f"(claims.risk ?? 1) {op} claims.level", f"{_or_else('risk', '1')} {op} context.level")
    return _of_number(draw, "claims.level", "context.level")


COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def _of_number(draw: DrawFn, ref: str, path: str) -> Both:
    op, number, sign, more = pick(draw, COMPARISONS), pick(draw, INTEGERS), pick(draw, ("+", "-")), draw(below(3))
    if one_in(draw, 3):
        return Both(f"{number} {op} {ref}", f"{number} {op} {path}")
    return Both(f"{ref} {sign} {more} {op} {number}", f"{path} {sign} {more} {op} {number}")


def _set_test(draw: DrawFn) -> Both:
    return _of_set(draw, "claims.scope", "context.scope")


def _of_set(draw: DrawFn, ref: str, path: str) -> Both:
    text, texts = _quoted(pick(draw, TEXTS)), _listed(some(draw, TEXTS, 1, 3))
    return pick(
        draw,
        (
            Both(f"{text} in {ref}", f"{path}.contains({text})"),
            Both(f"{text} not in {ref}", f"!({path}.contains({text}))"),
            Both(f"any of {texts} in {ref}", f"{path}.containsAny({texts})"),
            Both(f"all of {texts} in {ref}", f"{path}.containsAll({texts})"),
            Both(f"{ref} == {texts}", f"{path} == {texts}"),
            Both(f"claims.sub in {ref}", f"{path}.contains(context.sub)"),
        ),
    )


def _address_test(draw: DrawFn) -> Both:
    networks = some(draw, NETWORKS, 1, 2)
    within = " || ".join(f'context.client.isInRange(ip("{network}"))' for network in networks)
    return Both(f"client.ip in {_listed(networks)}", f"({within})")


def _flag_test(_: DrawFn) -> Both:
    return Both("claims.beta", "context.beta")


def _maybe_test(draw: DrawFn) -> Both:
    """A test of what may be absent: guarded, defaulted, or of its presence."""
    name, test = pick(draw, (("risk", _of_number), ("tier", _of_text), ("tags", _of_set)))
    inner = test(draw, f"claims.{name}", f"context.{name}")
    default = {"risk": "2", "tier": '"ab"', "tags": '["b"]'}[name]
    other = test(draw, f"(claims.{name} ?? {default})", _or_else(name, default))
    return pick(
        draw,
        (
            Both(f"(claims.{name} present and {inner.rules})", f"(context has {name} && {inner.cedar})"),
            Both(f"(claims.{name} absent or {inner.rules})", f"(if context has {name} then {inner.cedar} else true)"),
            other,
            Both(f"claims.{name} present", f"context has {name}"),
            Both(f"claims.{name} absent", f"!(context has {name})"),
        ),
    )


def _or_else(name: str, default: str) -> str:
    return f"(if context has {name} then context.{name} else {default})"


def _fact(draw: DrawFn) -> Both:
    name, test = pick(draw, (("roles", _of_set), ("limit", _of_number), ("blocked", None)))
    ref, path = f"metadata.{name}", f"context.facts.{name}"
    return Both(ref, path) if test is None else test(draw, ref, path)


def _quoted(text: str) -> str:
    """A literal: the texts of the pool are written alike in both languages."""
    return json.dumps(text)


def _listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"


@st.composite
def questions(draw: DrawFn) -> Question:
    """A request whose facts are there."""
    claims: dict[str, Any] = {
        "sub": pick(draw, TEXTS),
        "plan": pick(draw, PLANS),
        "level": pick(draw, INTEGERS),
        "scope": some(draw, TEXTS, 0, 3),
        "beta": one_in(draw, 2),
    }
    maybe = {"risk": pick(draw, INTEGERS), "tier": pick(draw, TEXTS), "tags": some(draw, TEXTS, 0, 2)}
    claims |= {name: value for name, value in maybe.items() if one_in(draw, 2)}
    facts = {"roles": some(draw, TEXTS, 0, 2), "blocked": one_in(draw, 2), "limit": pick(draw, INTEGERS)}
    return Question(pick(draw, METHODS), pick(draw, ROUTES), claims, pick(draw, ADDRESSES), facts)


def without_facts(question: Question) -> Question:
    """The same request while the store of facts does not answer."""
    return replace(question, facts=None)


def payload(question: Question) -> bytes:
    """The token of a request."""
    fixed = {"iss": "https://corp.test", "aud": "api", "exp": pool.BASE + 600}
    return json.dumps({**fixed, **question.claims}).encode()


def cedar_request(question: Question) -> dict[str, Any]:
    """The request as Cedar is asked it; without its facts where they cannot be had."""
    context = {**question.claims, "client": {"__extn": {"fn": "ip", "arg": question.client}}}
    if question.facts is not None:
        context["facts"] = dict(question.facts)
    return {
        "principal": {"type": "User", "id": "u"},
        "action": {"type": "Action", "id": question.method},
        "resource": {"type": "Route", "id": question.route},
        "context": context,
    }
