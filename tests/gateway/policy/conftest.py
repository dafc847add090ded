"""Plan files, and a store that loads them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.policy.metadata_memory import MemoryMetadata
from gateway.policy.plan_store import PlanStore
from policylang.plan.codec import encode
from tests.strategies.key_sources import HandClock
from tests.strategies.spine import HEAD, plan_of
from tests.strategies.tokens import NOW

PlanFile = Callable[..., Path]


@pytest.fixture
def plan_file(tmp_path: Path) -> PlanFile:
    """``plan_file(rules)``: a plan file of these rules."""

    def write(rules: str, name: str = "plan.json", head: str = HEAD) -> Path:
        path = tmp_path / name
        path.write_bytes(encode(plan_of(rules, head)))
        return path

    return write


@pytest.fixture
def memory() -> MemoryMetadata:
    return MemoryMetadata()


@pytest.fixture
def plans(memory: MemoryMetadata) -> PlanStore:
    """A store with the secret ``upstream_key``, at an instant that stays."""
    return PlanStore({"upstream_key": "s3cret-value"}, HandClock(NOW), memory.view)
