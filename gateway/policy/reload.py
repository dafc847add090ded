"""Reloading: rules are compiled, the plan is loaded, its issuers and facts are prepared, and then all is swapped at once.

Law of this file: nothing is touched before everything is ready. A failure anywhere leaves the old plan serving, and is
reported where the operator looks.
"""

import asyncio
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.policy.compile_process import RulesRefused, compile_rules
from gateway.policy.loaded import Loaded
from gateway.policy.metadata_fs import MetadataFileRefused, read_metadata
from gateway.policy.metadata_memory import MemoryMetadata
from gateway.policy.plan_store import PlanStore, PlanUnusable


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
        source = self._source
        if source.compiled:
            plan = await self._plans.load(source.path)
        else:
            with tempfile.TemporaryDirectory(prefix="policylang-") as folder:
                output = Path(folder) / "plan.json"
                await compile_rules(source.path, source.environment, output)
                plan = await self._plans.load(output)
        issuers = plan.compiled.plan.issuers
        entries = None
        if source.metadata is not None:
            entries = await asyncio.to_thread(read_metadata, source.metadata, issuers, self._identity_key)
        self._configure(plan)
        if entries is not None:
            self._metadata.replace(entries)
        self._plans.swap(plan)
        self._tell(
            f"plan {plan.names.digest[:23]} in force: {len(plan.names.routes)} routes, {len(plan.names.rules)} rules"
        )
