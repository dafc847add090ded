"""The plan in force: what cannot be served leaves it as it was, and says why without saying a secret."""

import asyncio
import gc
import json
from pathlib import Path

import pytest

from gateway.policy import plan_store
from gateway.policy.plan_store import PlanStore, PlanUnusable
from gateway.policy.slices import SLICE_MICROS
from tests.gateway.policy.conftest import PlanFile
from tests.strategies.spine import HEAD, UPSTREAM
from tests.strategies.tokens import NOW

RULES = f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\nallow x on a always\n'
KEYED = RULES + "secret upstream_key\nrequest headers on a { set X-Key secret.upstream_key }\n"


async def test_nothing_is_in_force_before_the_first_swap(plans: PlanStore, plan_file: PlanFile) -> None:
    with pytest.raises(PlanUnusable, match="no plan is loaded"):
        _ = plans.current
    ready = [plans.ready]
    plan = await plans.load(plan_file(RULES))
    ready.append(plans.ready)
    plans.swap(plan)
    ready.append(plans.ready)
    assert ready == [False, False, True]
    assert plans.current is plan
    assert (plans.loaded_at, plans.failure, plan.generation) == (NOW, None, 1)
    assert (await plans.load(plan_file(RULES))).generation == 2


async def test_a_failure_is_there_to_be_read_until_the_next_swap(plans: PlanStore, plan_file: PlanFile) -> None:
    plan = await plans.load(plan_file(RULES))
    plans.swap(plan)
    plans.failed("because")
    assert plans.current is plan
    assert plans.failure is not None
    assert (plans.failure.at, plans.failure.reason) == (NOW, "because")
    plans.swap(plan)
    assert plans.failure is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": "policylang.plan/9"}', b"[" * 99_999]
)
async def test_a_bad_plan_leaves_the_current_one(
    plans: PlanStore, plan_file: PlanFile, tmp_path: Path, content: bytes
) -> None:
    plans.swap(await plans.load(plan_file(RULES)))
    before = plans.current
    bad = tmp_path / "bad.json"
    bad.write_bytes(content)
    with pytest.raises(PlanUnusable, match=r"^bad\.json: "):
        await plans.load(bad)
    assert plans.current is before
    assert gc.isenabled()


async def test_a_plan_that_was_changed_by_hand_is_refused(plans: PlanStore, plan_file: PlanFile) -> None:
    path = plan_file(RULES)
    path.write_bytes(path.read_bytes().replace(b"svc.test", b"evil.test"))
    with pytest.raises(PlanUnusable, match="digest"):
        await plans.load(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(PlanUnusable):
        await plans.load(path)


async def test_a_secret_that_is_not_given_is_named(plan_file: PlanFile, plans: PlanStore) -> None:
    path = plan_file(KEYED)
    empty = PlanStore({}, lambda: NOW, lambda *_: None)  # type: ignore[arg-type]
    with pytest.raises(PlanUnusable, match="secrets that are not given: upstream_key"):
        await empty.load(path)
    assert (await plans.load(path)).compiled.secrets == {"upstream_key": "s3cret-value"}


@pytest.mark.parametrize("value", ["s3cret\r\nX-Evil: 1", "s3crét", ""])
async def test_a_secret_that_cannot_stand_in_its_header_is_not_shown(plan_file: PlanFile, value: str) -> None:
    plans = PlanStore({"upstream_key": value}, lambda: NOW, lambda *_: None)  # type: ignore[arg-type]
    with pytest.raises(PlanUnusable) as caught:
        await plans.load(plan_file(KEYED))
    assert "upstream_key" in str(caught.value)
    assert "s3cr" not in str(caught.value)


async def test_files_that_cannot_be_read_or_are_too_large(
    plans: PlanStore, plan_file: PlanFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PlanUnusable, match=r"none\.json: cannot be read: No such file"):
        await plans.load(tmp_path / "none.json")
    with pytest.raises(PlanUnusable, match="cannot be read: Is a directory"):
        await plans.load(tmp_path)
    path = plan_file(RULES)
    size = path.stat().st_size
    monkeypatch.setattr(plan_store, "MAX_PLAN_BYTES", size - 1)
    with pytest.raises(PlanUnusable, match=f"{size} bytes; at most {size - 1} are read"):
        await plans.load(path)
    monkeypatch.setattr(plan_store, "MAX_PLAN_BYTES", size)
    assert (await plans.load(path)).names.routes == ("a",)


async def test_requests_have_their_turns_while_a_plan_loads(plan_file: PlanFile) -> None:
    ticks = iter(range(0, 10**9, SLICE_MICROS))
    store = PlanStore({}, lambda: next(ticks), lambda *_: None)  # type: ignore[arg-type]
    rules = "".join(
        f'route r{n} {{ match GET on "/r{n}"  trust corp  {UPSTREAM} }}\nallow x{n} on r{n} always\n' for n in range(30)
    )
    task = asyncio.create_task(store.load(plan_file(rules)))
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 30
    assert len(task.result().names.routes) == 30


async def test_facts_are_as_the_plan_declares_them(plans: PlanStore, plan_file: PlanFile) -> None:
    facts = "metadata { fresh within 30s  vip: bool default false }\ndeny v on a when metadata.vip\n"
    plan = await plans.load(plan_file(RULES + facts))
    assert plan.metadata.fields(b"x" * 16, 0) == (0, (False,))


def test_the_fixture_is_a_plan(plan_file: PlanFile) -> None:
    assert json.loads(plan_file(RULES, head=HEAD).read_bytes())["format"] == "policylang.plan/1"
