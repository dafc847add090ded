"""Reloading: rules are compiled, the plan is loaded, its issuers and facts are prepared, and then all is swapped at once.

Law of this file: nothing is touched before everything is ready, and nothing comes in force that was read while somebody
wrote it. A failure anywhere leaves the old plan serving, and is reported where the operator looks.
"""

import asyncio
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gateway.policy.compile_process import RulesRefused, compile_rules
from gateway.policy.loaded import Loaded
from gateway.policy.metadata_fs import MetadataFileRefused, read_metadata
from gateway.policy.metadata_memory import MemoryMetadata
from gateway.policy.plan_store import PlanStore, PlanUnusable
from gateway.policy.snapshot_fs import Snapshot, snapshot

ATTEMPTS = 5
"""Loads of files that change while they are read, before it is said that they do."""

NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Source:
    """What is loaded: a rule set to compile (``environment`` names its settings file) or a plan that is compiled."""

    path: Path
    environment: str | None
    metadata: Path | None

    @property
    def compiled(self) -> bool:
        """Whether the path is a plan, and not rules."""
        return self.path.suffix == ".json"

    def snapshot(self) -> Snapshot:
        """The files of the source as they are now. Blocks."""
        return snapshot(self.path, self.metadata)


class Reloader:
    """Loads a source again whenever it is asked; askings during a load are answered by one more load.

    ``configure`` prepares whatever depends on the plan's issuers; ``tell`` is given one line for the operator.
    """

    def __init__(
        self,
        source: Source,
        plans: PlanStore,
        metadata: MemoryMetadata,
        identity_key: bytes,
        configure: Callable[[Loaded], None],
        tell: Callable[[str], None],
    ) -> None:
        self._source = source
        self._plans = plans
        self._metadata = metadata
        self._identity_key = identity_key
        self._configure = configure
        self._tell = tell
        self._lock = asyncio.Lock()
        self._asked = 0
        self._served = 0

    async def reload(self) -> bool:
        """Load now. Whether what was asked for is in force; if not, ``PlanStore.failure`` says why."""
        self._asked += 1
        wanted = self._asked
        async with self._lock:
            if self._served >= wanted:
                return self._plans.failure is None
            self._served = self._asked
            try:
                await self._load()
            except (RulesRefused, PlanUnusable, MetadataFileRefused) as error:
                self._plans.failed(str(error))
                if self._plans.ready:
                    self._tell(f"reload failed; the plan in force serves on\n{error}")
                return False
            except Exception as error:
                # A defect or a full disk. A gateway that serves goes on serving, and whoever waits is not told "in force".
                self._plans.failed(f"the load failed: {type(error).__name__}")
                if not self._plans.ready:
                    raise
                self._tell(f"reload failed; the plan in force serves on\n{traceback.format_exc(limit=-3)}")
                return False
        return True

    async def _load(self) -> None:
        before = await asyncio.to_thread(self._source.snapshot)
        for _ in range(ATTEMPTS):
            swap = await self._prepared()
            after = await asyncio.to_thread(self._source.snapshot)
            if after == before:
                swap()
                return
            before = after
        raise RulesRefused(
            f"the files changed while they were read, {ATTEMPTS} times; write beside them and rename, then load again"
        )

    async def _prepared(self) -> Callable[[], None]:
        """Everything up to the swap; what is returned swaps."""
        source = self._source
        if source.compiled:
            plan = await self._plans.load(source.path)
        else:
            with tempfile.TemporaryDirectory(prefix="policylang-") as folder:
                output = Path(folder) / "plan.json"
                await compile_rules(source.path, source.environment, output)
                plan = await self._plans.load(output)
        entries = None
        if source.metadata is not None:
            declared = plan.compiled.plan
            fields = () if declared.metadata is None else declared.metadata.fields
            entries = await asyncio.to_thread(
                read_metadata, source.metadata, declared.issuers, fields, self._identity_key
            )
        return partial(self._swap, plan, entries)

    def _swap(self, plan: Loaded, entries: Mapping[bytes, Mapping[str, Any]] | None) -> None:
        replaced = self._plans.current if self._plans.ready else None
        self._configure(plan)
        if entries is not None:
            self._metadata.replace(entries)
        self._plans.swap(plan)
        self._tell(
            f"plan {plan.names.digest[:23]} in force: {len(plan.names.routes)} routes, {len(plan.names.rules)} rules"
        )
        for warning in () if replaced is None else removals(replaced, plan):
            self._tell(warning)


def removals(before: Loaded, after: Loaded) -> list[str]:
    """What a reload took away that kept requests out, or that let requests in: a line for denies, one for routes."""
    gone = {
        "deny": _denies(before) - _denies(after),
        "route": set(before.names.routes) - set(after.names.routes),
    }
    return [f"warning: this load removed {_counted(noun, sorted(names))}" for noun, names in gone.items() if names]


def _denies(plan: Loaded) -> set[str]:
    return {rule.name for rule in plan.compiled.plan.rules if rule.effect == "deny"}


def _counted(noun: str, names: list[str]) -> str:
    plural = noun if len(names) == 1 else {"deny": "denies"}.get(noun, f"{noun}s")
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return f"{len(names)} {plural}: {', '.join(names[:NAMES_SHOWN])}{more}"
