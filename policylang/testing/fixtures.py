"""What tests give, as it would arrive: payloads of tokens, stored metadata, secrets.

Law of this file: made up from the rule set alone, so that a test says the same everywhere; a raw fact goes in as it is
written, byte for byte.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from policylang.check.facts import token_members
from policylang.check.model import Claim, Issuer
from policylang.syntax import nodes
from policylang.syntax import nodes_test as ast
from policylang.typesys.fit import fit
from policylang.typesys.terms import Time

SECOND = 1_000_000
LIFETIME = 1_800
"""Seconds that a token lives where neither its facts nor its issuer say less."""

_Members = dict[str, Any]


def made_up_secrets(names: Iterable[str]) -> dict[str, str]:
    """The value of every secret in a test."""
    return {name: secret_value(name) for name in names}


def secret_value(name: str) -> str:
    """What a secret is in a test: its name, recognisably no secret.

    >>> secret_value("hook_key")
    'test-secret-hook_key'
    """
    return f"test-secret-{name}"


def payload(issuer: Issuer, facts: Sequence[ast.Fact], now: int) -> bytes:
    """The JSON text of a token's payload, or of the claims kept with an access key. ``now`` in microseconds.

    What no fact says is filled in as the issuer's tokens have it: iss, aud, iat (now), exp (half an hour after iat, or
    the issuer's longest lifetime), and what its tokens are marked by. Nothing is filled in for a key.
    """
    known = token_members(issuer)
    tree: _Members = {}
    for path, text in _usual(issuer, facts, now):
        _put(tree, path, text)
    for fact in facts:
        path = known[fact.name.text].source
        if fact.kind == "absent":
            _drop(tree, path)
        else:
            _put(tree, path, fact_text(known[fact.name.text], fact, now))
    return _written(tree).encode("utf-8", "surrogatepass")


def stored(fields: Mapping[str, Claim], facts: Sequence[ast.Fact], now: int) -> dict[str, Any]:
    """The identity's stored JSON object."""
    return {
        fact.name.text: json.loads(fact_text(fields[fact.name.text], fact, now))
        for fact in facts
        if fact.kind != "absent"
    }


def fact_text(claim: Claim, fact: ast.Fact, now: int) -> str:
    """The JSON text of a fact's value."""
    match fact.kind, fact.value:
        case "raw", nodes.Str(value=text):
            return text
        case "ago", nodes.Duration(micros=micros):
            return str((now - micros) // SECOND)
        case "ahead", nodes.Duration(micros=micros):
            return str((now + micros) // SECOND)
        case _, nodes.Str(value=text) if isinstance(claim.type, Time):
            return str(fit(claim.type, text))
        case _, nodes.StrSet(items=items):
            return json.dumps([item.value for item in items])
        case _, (nodes.Str() | nodes.Int() | nodes.Bool()) as literal:
            return json.dumps(literal.value)
        case _:
            raise ValueError(fact)


def _usual(issuer: Issuer, facts: Sequence[ast.Fact], now: int) -> list[tuple[tuple[str, ...], str]]:
    if issuer.opaque:
        return []
    issued = now // SECOND
    for fact in facts:
        if fact.name.text == "iat" and fact.kind in {"value", "ago", "ahead"}:
            issued = int(fact_text(token_members(issuer)["iat"], fact, now))
    longest = LIFETIME if issuer.lifetime_micros is None else min(LIFETIME, issuer.lifetime_micros // SECOND)
    usual: list[tuple[tuple[str, ...], str]] = [
        (("iss",), json.dumps(issuer.iss)),
        (("aud",), json.dumps(issuer.audience[0])),
        (("iat",), str(issued)),
        (("exp",), str(issued + longest)),
    ]
    if issuer.marked is not None and issuer.marked[1] is not None:
        usual.append((issuer.marked[0], json.dumps(issuer.marked[1])))
    return usual


def _put(tree: _Members, path: tuple[str, ...], text: str) -> None:
    for step in path[:-1]:
        inner = tree.get(step)
        if not isinstance(inner, dict):
            inner = tree[step] = {}
        tree = inner
    tree[path[-1]] = text


def _drop(tree: _Members, path: tuple[str, ...]) -> None:
    for step in path[:-1]:
        inner = tree.get(step)
        if not isinstance(inner, dict):
            return
        tree = inner
    tree.pop(path[-1], None)


def _written(tree: _Members | str) -> str:
    if isinstance(tree, str):
        return tree
    return "{" + ", ".join(f"{json.dumps(name)}: {_written(value)}" for name, value in tree.items()) + "}"
