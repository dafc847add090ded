"""Nanoseconds of a decision: a cell bound by its token, one that reads the request too, and ones that read metadata.

``python -m bench.decide_cost [--seconds 2]``. Each is also given as a ratio to a bare call with as many arguments,
measured in alternating rounds of the same run: machines differ, the ratios less so.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

from policylang.codegen.compiled import CompiledPlan
from policylang.compiler import compile_tree
from policylang.runtime.cell import Cell
from policylang.runtime.verdict import RequestFacts, Verdict
from policylang.source.tree import tree_of

RULES = """language 1
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"  identity by claims.sub
  claims { sub: text(1..128)  scope: set of text split " "  tenant: slug  plan: one of "free", "gold" default "free"
           risk: int 0..100 optional  auth_time: time }
}
metadata { fresh within 30s  roles: set of slug default []  blocked: bool default false }
policy free { rate 5 per 1s burst 10  quota 1_000 per day }
policy gold { rate 100 per 1s burst 200  quota 1_000_000 per month }
select policy on all { use gold when claims.plan == "gold"  use free otherwise }
route held { match GET on "/held/**"  trust corp  upstream "http://127.0.0.1:9000" }
route mixed { match GET on "/mixed/{tenant: slug}/**"  trust corp  upstream "http://127.0.0.1:9000" }
route facts { match GET on "/facts/{tenant: slug}/**"  trust corp  upstream "http://127.0.0.1:9000" }
route render { match GET on "/render/{tenant: slug}/**"  trust corp  upstream "http://127.0.0.1:9000" }
allow h on held when "orders:read" in claims.scope
allow m on mixed when "orders:read" in claims.scope
allow f on facts when "orders:read" in claims.scope and "sre" in metadata.roles
allow r on render when "orders:read" in claims.scope
deny cross on routes with path.tenant when claims.tenant != path.tenant
deny outside on mixed, facts when client.ip not in ["10.0.0.0/8", "fd00::/8"]
deny risky on all when claims.risk absent or claims.risk > 50
deny stale on all when claims.auth_time older than 15min
deny blocked on facts when metadata.blocked
request headers on all { set X-User "{claims.sub}"  set X-Plan "{claims.plan}" }
request headers on render { set X-Tenant "{path.tenant}" }
"""

NOW = 1_769_947_200_000_000
CLAIMS = {"sub": "u1", "scope": frozenset({"orders:read"}), "tenant": "acme", "plan": "gold", "risk": 3}
FIELDS = {"roles": frozenset({"sre"}), "blocked": False}
CALLS = 20_000


@dataclass(frozen=True)
class Subject:
    """A cell with its facts; ``ratio`` and ``nanoseconds`` come from the rounds."""

    name: str
    call: Callable[[], Verdict]


def bare(_token: object, _identity: object, _request: object) -> None:
    """A call that does nothing."""


def subjects() -> list[Subject]:
    """One for each route, its token and identity facts at hand."""
    result = compile_tree(tree_of({"bench.rules": RULES}), None)
    if result.plan is None:
        raise SystemExit("; ".join(diagnostic.title for diagnostic in result.diagnostics))
    compiled = CompiledPlan(result.plan, {})
    return [_subject(compiled, number) for number in range(len(result.plan.routes))]


def _subject(compiled: CompiledPlan, number: int) -> Subject:
    plan = compiled.plan
    route, cell = plan.routes[number], compiled.cell(number, "GET", 0)
    claims = tuple((CLAIMS | {"auth_time": NOW // 1_000_000 - 60}).get(claim.name) for claim in plan.issuers[0].claims)
    fields = tuple(FIELDS[field.name] for field in plan.metadata.fields) if plan.metadata else ()
    token = cell.token_facts(claims, b"\1" * 16, NOW)
    identity = cell.identity_facts(token.slots, claims, fields)
    request = RequestFacts(("acme",) * len(route.captures), {}, "10.0.0.1", "127.0.0.1", now=NOW)
    verdict = cell.decide(token.slots, identity, request)
    if verdict.kind != "allow":
        raise SystemExit(f"{route.name} is {verdict.kind}")
    return Subject(route.name, _caller(cell, token.slots, identity, request))


def _caller(
    cell: Cell, token: tuple[object, ...], identity: tuple[object, ...], request: RequestFacts
) -> Callable[[], Verdict]:
    decide = cell.decide
    return lambda: decide(token, identity, request)


def rounds(calls: list[Callable[[], object]], seconds: float) -> list[float]:
    """The least nanoseconds of each call over alternating rounds; they include the call that makes it."""
    least = [float("inf")] * len(calls)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for index, call in enumerate(calls):
            begun = time.perf_counter_ns()
            for _ in range(CALLS):
                call()
            least[index] = min(least[index], (time.perf_counter_ns() - begun) / CALLS)
    return least


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    seconds: float = parser.parse_args().seconds
    found = subjects()
    token: tuple[object, ...] = ()
    empty, *costs = rounds([lambda: bare(token, token, token), *(subject.call for subject in found)], seconds)
    print(f"{'bare call':12} {empty:7.0f} ns")
    for subject, cost in zip(found, costs, strict=True):
        print(f"{subject.name:12} {cost:7.0f} ns  {cost / empty:5.1f} times a bare call")


if __name__ == "__main__":
    main()
