"""Seconds of each stage of the compiler and of loading a plan, and what a look-up costs among few and many routes.

``python -m bench.compile_scale [--routes 2500] [--rules 10000] [--rounds 5]``. Seconds are of the processor, this process's.
The look-up is a ratio: 10 and 10,000 routes, the same request, in alternating rounds, the least of each.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from policylang.check.check import check
from policylang.ir.lower import lower
from policylang.ir.passes.sequence import run
from policylang.ir.stage import stage
from policylang.ir.verify import verify
from policylang.plan import model
from policylang.plan.build import build_document
from policylang.plan.codec import decode, decode_steps
from policylang.plan.index import RouteIndex
from policylang.plan.schema import validate
from policylang.source.tree import read_tree
from policylang.syntax.parse import LANGUAGE, parse

T = TypeVar("T")

FILES = 25
FEW, MANY, LOOKUPS = 10, 10_000, 20_000

HEAD = """language 1
issuer corp {
  iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256
  audience "https://api.example.com"  identity by claims.sub
  claims {
    sub: text(1..128)  scope: set of text split " "  tenant: slug  plan: one of "free", "gold" default "free"
    acr: one of "pwd", "mfa" default "pwd"  auth_time: time  risk: int 0..100 optional
  }
}
metadata { fresh within 30s  roles: set of slug default []  blocked: bool default false }
let own_tenant = claims.tenant == path.tenant
policy free { rate 5 per 1s burst 10  quota 1_000 per day }
policy gold { rate 100 per 1s burst 200  quota 1_000_000 per day  grants "bulk" }
select policy on all { use gold when claims.plan == "gold"  use free otherwise }
deny blocked on all when metadata.blocked
"""

RULES = (
    'allow {name} on {route} for GET when "{route}:read" in claims.scope and own_tenant',
    'allow {name} on {route} for POST when "{route}:write" in claims.scope and claims.acr == "mfa" and own_tenant',
    "deny {name} on {route} when claims.risk absent or claims.risk > {limit}",
    'deny {name} on {route} for POST when claims.auth_time older than {limit}min and "sre" not in metadata.roles',
)


@dataclass
class Clock:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Do the work and note what it took."""
        gc.collect()
        before = time.process_time()
        done = work()
        self.seconds[name] = time.process_time() - before
        return done


def rule_set(routes: int, rules: int) -> dict[str, str]:
    """Files of routes with as many rules each, and a head with what they share."""
    files = {f"part{number:02}.rules": ["language 1"] for number in range(FILES)}
    for number in range(routes):
        lines = files[f"part{number % FILES:02}.rules"]
        lines.append(
            f'route svc{number} {{ match GET, POST on "/svc{number}/v1/{{tenant: slug}}/orders/**"  trust corp  '
            'upstream "http://127.0.0.1:9000" }'
        )
        for index in range(number, rules, routes):
            rule = RULES[index // routes % len(RULES)]
            lines.append(rule.format(name=f"rule{index}", route=f"svc{number}", limit=1 + index % 90))
    return {"head.rules": HEAD, **{path: "\n".join(lines) + "\n" for path, lines in files.items()}}


def compile_stages(folder: Path, clock: Clock) -> model.Plan:
    """Every stage from files to a plan in memory again; to the document without a collector, as the command does it."""
    gc.disable()
    tree = clock("read", lambda: read_tree(folder))
    parsed = clock("parse", lambda: parse(tree))
    result = clock("check", lambda: check(parsed.rule_set, tree, None))
    module = result.module
    if module is None:
        raise SystemExit(f"the generated rules have errors: {[*parsed.diagnostics, *result.diagnostics][:3]}")
    lowered = clock("lower", lambda: lower(module))
    passed = clock("passes", lambda: run(lowered))
    draft = clock("stage", lambda: stage(passed))
    plan, document = clock("build", lambda: build_document(draft, tree, LANGUAGE))
    clock("verify", lambda: verify(plan))
    clock("validate", lambda: validate(document))
    print(f"files to a validated document: {sum(clock.seconds.values()):.2f} s")
    gc.enable()
    read = clock("decode", lambda: decode(document))
    clock("index", lambda: RouteIndex(read.routes))
    print(
        f"{len(plan.routes):,} routes, {len(plan.rules):,} rules, {len(plan.positions):,} positions, {len(document):,} bytes"
    )
    print(f"longest step of reading: {longest_step(document) * 1000:.1f} ms")
    return plan


def longest_step(document: bytes) -> float:
    """The longest that reading a plan keeps its caller waiting, in seconds, the garbage collector aside."""
    gc.collect()
    gc.disable()
    steps, longest = decode_steps(BytesIO(document)), 0.0
    try:
        while True:
            before = time.process_time()
            next(steps)
            longest = max(longest, time.process_time() - before)
    except StopIteration:
        return longest
    finally:
        gc.enable()


def routes_like(route: model.Route, count: int) -> tuple[model.Route, ...]:
    """As many routes, each below a first segment of its own."""
    (pattern,) = route.patterns

    def below(first: str) -> model.Route:
        segments = (model.Segment("literal", first, None), *pattern.segments[1:])
        return replace(route, patterns=(replace(pattern, segments=segments),))

    return tuple(below(f"svc{number}") for number in range(count))


def lookup_ratio(route: model.Route, rounds: int) -> tuple[float, float]:
    """Microseconds of one look-up among few routes and among many."""
    indices = {count: RouteIndex(routes_like(route, count)) for count in (FEW, MANY)}
    least = dict.fromkeys(indices, float("inf"))
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for count, index in indices.items():
            asked = [(f"svc{n * count // FEW}", "v1", "acme", "orders", "7") for n in range(FEW)] * (LOOKUPS // FEW)
            before = time.process_time()
            for segments in asked:
                index.match(("gw", "test"), segments, "GET")
            least[count] = min(least[count], (time.process_time() - before) / len(asked) * 1e6)
    gc.unfreeze()
    return least[FEW], least[MANY]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--routes", type=int, default=2_500)
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        for path, text in rule_set(args.routes, args.rules).items():
            (Path(folder) / path).write_text(text, encoding="utf-8")
        plan = compile_stages(Path(folder), clock)
    for name, seconds in clock.seconds.items():
        print(f"{name:10} {seconds:7.2f} s")
    few, many = lookup_ratio(plan.routes[0], args.rounds)
    print(f"look-up    {few:7.2f} us among {FEW}, {many:.2f} us among {MANY:,}: {many / few:.2f} times")


if __name__ == "__main__":
    main()
