"""How long loading a large plan holds the event loop: the longest turn of a task that asks for the loop all the time.

``python -m bench.load_plan [rules] [routes]``. Wall time: on a machine that does other things some turns are theirs.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from bench.compile_scale import rule_set
from gateway.policy.metadata_memory import MemoryMetadata
from gateway.policy.plan_store import PlanStore
from gateway.server.clock import wall_clock
from policylang.compiler import compile_tree
from policylang.source.tree import tree_of

HELD_AT_MOST_MS = 20.0


async def hold(path: Path) -> tuple[float, list[float]]:
    """Seconds that loading took, and every turn in milliseconds, longest first."""
    store = PlanStore({}, wall_clock, MemoryMetadata().view)
    turns: list[float] = []

    async def watch() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0)
            now = time.perf_counter()
            turns.append((now - last) * 1000)
            last = now

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    began = time.perf_counter()
    store.swap(await store.load(path))
    took = time.perf_counter() - began
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    return took, sorted(turns, reverse=True)


def main(rules: int, routes: int) -> int:
    """Print the figures; 1 where some turn was longer than it may be."""
    began = time.perf_counter()
    result = compile_tree(tree_of(rule_set(routes, rules)), None)
    if result.plan is None:
        raise SystemExit(f"the generated rules do not compile: {result.diagnostics[:3]}")
    print(
        f"compiled {rules:,} rules over {routes:,} routes in {time.perf_counter() - began:.1f} s, validation included"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        path.write_bytes(result.document)
        took, turns = asyncio.run(hold(path))
    print(
        f"loaded in {took:.1f} s over {len(turns):,} turns; the longest, in ms: {', '.join(f'{t:.1f}' for t in turns[:5])}"
    )
    return int(turns[0] > HELD_AT_MOST_MS)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:3]]
    sys.exit(main(*(given + [10_000, 2_500][len(given) :])))
