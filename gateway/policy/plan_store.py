"""The plan in force: loaded off the request path, swapped in one assignment, and the last good one kept.

Law of this file: whatever goes wrong, ``current`` stays what it was, and the failure is there to be read.
"""

import gc
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.message.ports import MetadataStore
from gateway.policy.loaded import Loaded, loaded
from gateway.policy.slices import in_slices
from policylang.embed import CompiledPlan, PlanRefused, decode_steps, plan_model

MAX_PLAN_BYTES = 1 << 30


class PlanUnusable(Exception):
    """A plan that cannot be served; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The last load that failed: when (microseconds) and why."""

    at: int
    reason: str


class PlanStore:
    """Holds the current plan and swaps it.

    ``secrets`` are the values that plans may name; ``metadata`` gives the facts as a plan declares them, and as old as it
    lets them be (microseconds).
    """

    def __init__(
        self,
        secrets: Mapping[str, str],
        clock: Callable[[], int],
        metadata: Callable[[tuple[plan_model.Claim, ...], int], MetadataStore],
    ) -> None:
        self._secrets = secrets
        self._clock = clock
        self._metadata = metadata
        self._current: Loaded | None = None
        self._generation = 0
        self.failure: Failure | None = None
        self.loaded_at = 0

    @property
    def ready(self) -> bool:
        """Whether a plan is in force."""
        return self._current is not None

    @property
    def current(self) -> Loaded:
        """The plan in force. Raises PlanUnusable before the first load."""
        if self._current is None:
            raise PlanUnusable("no plan is loaded")
        return self._current

    async def load(self, path: Path) -> Loaded:
        """Read a plan file in slices and make it ready, without putting it in force. Raises PlanUnusable."""
        # A collection over half-built tables would hold the loop for as long as all slices together.
        collecting = gc.isenabled()
        gc.disable()
        try:
            plan = await in_slices(self._read(path), self._clock)
            compiled = CompiledPlan(plan, self._secrets)
            await in_slices(compiled.warm_steps(), self._clock)
        except PlanRefused as error:
            raise PlanUnusable(f"{path.name}: {error}") from error
        except ValueError as error:
            raise PlanUnusable(str(error)) from error
        except OSError as error:
            raise PlanUnusable(f"{path.name}: cannot be read: {error.strerror}") from error
        finally:
            if collecting:
                # A plan lives for long and has no cycles: left to the collector it would hold the loop once more.
                gc.freeze()
                gc.enable()
        self._generation += 1
        declared = ((), 0) if plan.metadata is None else (plan.metadata.fields, plan.metadata.fresh_micros)
        return loaded(compiled, self._metadata(*declared), self._generation)

    def swap(self, plan: Loaded) -> None:
        """Put a plan in force: requests that have begun keep the one they began with."""
        self._current = plan
        self.failure = None
        self.loaded_at = self._clock()

    def failed(self, reason: str) -> None:
        """Remember why a load failed; what is in force stays."""
        self.failure = Failure(self._clock(), reason)

    def _read(self, path: Path) -> Generator[None, None, plan_model.Plan]:
        with path.open("rb") as lines:
            size = path.stat().st_size
            if size > MAX_PLAN_BYTES:
                raise PlanUnusable(f"{path.name}: {size} bytes; at most {MAX_PLAN_BYTES} are read")
            return (yield from decode_steps(iter(lines)))
