"""Reloads: everything is ready before anything is touched, and a failure anywhere leaves all as it was."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.policy import reload as reload_module
from gateway.policy.compile_process import RulesRefused
from gateway.policy.loaded import Loaded
from gateway.policy.metadata_memory import MemoryMetadata
from gateway.policy.plan_store import PlanStore, PlanUnusable
from gateway.policy.reload import Reloader, Source
from policylang.plan.codec import encode
from tests.strategies.spine import UPSTREAM, plan_of

KEY = b"k" * 32
RULES = f"""
metadata {{ fresh within 30s  vip: bool default false }}
route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}
allow x on a always
"""
OTHER = RULES.replace("allow x", "allow y")


class Bench:
    """A reloader with its parts in a test's hands; ``seen`` are what happened, in order."""

    def __init__(self, folder: Path, plans: PlanStore, memory: MemoryMetadata) -> None:
        self.plan, self.facts = folder / "plan.json", folder / "facts.json"
        self.plans, self.memory = plans, memory
        self.seen: list[str] = []
        self.said: list[str] = []
        self.trouble: Exception | None = None
        self.write(RULES)
        self.facts.write_text('{"corp": {"u1": {"vip": true}}}', encoding="utf-8")
        source = Source(self.plan, None, self.facts)
        self.reloader = Reloader(source, plans, memory, KEY, self.configure, self.said.append)

    def write(self, rules: str) -> None:
        self.plan.write_bytes(encode(plan_of(rules)))

    def configure(self, plan: Loaded) -> None:
        rule = plan.names.rules[0]
        in_force = self.plans.current.names.rules[0] if self.plans.ready else "none"
        self.seen.append(f"configure {rule}, {in_force} in force, {len(self.memory)} entries")
        if self.trouble is not None:
            raise self.trouble

    @property
    def state(self) -> tuple[Any, ...]:
        return self.plans.current, dict(self.memory._entries), self.plans.loaded_at


@pytest.fixture
def bench(tmp_path: Path, plans: PlanStore, memory: MemoryMetadata) -> Bench:
    return Bench(tmp_path, plans, memory)


def test_a_plan_is_told_from_rules_by_its_name() -> None:
    assert Source(Path("plan.json"), None, None).compiled
    assert not Source(Path("rules"), None, None).compiled
    assert not Source(Path("a.rules"), None, None).compiled


async def test_issuers_are_configured_before_anything_is_swapped(bench: Bench) -> None:
    assert await bench.reloader.reload()
    bench.write(OTHER)
    bench.facts.write_text('{"corp": {"u1": {}, "u2": {}}}', encoding="utf-8")
    assert await bench.reloader.reload()
    assert bench.seen == ["configure x, none in force, 0 entries", "configure y, x in force, 1 entries"]
    assert bench.plans.current.names.rules == ("y",)
    assert len(bench.memory) == 2
    assert [line.split(" in force")[1] for line in bench.said] == [": 1 routes, 1 rules"] * 2


@pytest.mark.parametrize(
    "facts",
    [
        "{",
        '{"nobody-secret": {}}',
        '{"corp": []}',
        '{"corp": {"secret": {"vip": "yes"}}}',
        '{"corp": {"u1": {"vip": true, "secret": 1}}}',
    ],
)
async def test_bad_metadata_leaves_all_as_it_was(bench: Bench, facts: str) -> None:
    assert await bench.reloader.reload()
    before = bench.state
    bench.write(OTHER)
    bench.facts.write_text(facts, encoding="utf-8")
    assert not await bench.reloader.reload()
    assert bench.state == before
    assert len(bench.seen) == 1
    assert bench.plans.failure is not None
    assert bench.plans.failure.reason.startswith("facts.json:")
    assert bench.said[-1].startswith("reload failed; the plan in force serves on\nfacts.json:")
    assert "secret" not in bench.said[-1]


async def test_a_bad_plan_leaves_all_as_it_was_and_the_next_good_one_is_taken(bench: Bench) -> None:
    assert await bench.reloader.reload()
    before = bench.state
    bench.plan.write_bytes(b"{}")
    bench.facts.write_text("{}", encoding="utf-8")
    assert not await bench.reloader.reload()
    assert bench.state == before
    bench.write(OTHER)
    assert await bench.reloader.reload()
    assert bench.plans.failure is None
    assert (bench.plans.current.names.rules, len(bench.memory)) == (("y",), 0)


async def test_issuers_that_cannot_be_configured_leave_all_as_it_was(bench: Bench) -> None:
    assert await bench.reloader.reload()
    before = bench.state
    bench.write(OTHER)
    bench.facts.write_text("{}", encoding="utf-8")
    bench.trouble = RuntimeError("secret-value")
    assert not await bench.reloader.reload()
    assert bench.state == before
    assert bench.plans.failure is not None
    assert bench.plans.failure.reason == "the load failed: RuntimeError"
    assert "serves on" in bench.said[-1]
    bench.trouble = None
    assert await bench.reloader.reload()
    assert bench.plans.current.names.rules == ("y",)


async def test_at_the_start_a_defect_is_no_quiet_failure(bench: Bench) -> None:
    bench.trouble = RuntimeError("broken")
    with pytest.raises(RuntimeError, match="broken"):
        await bench.reloader.reload()
    assert not bench.plans.ready
    assert bench.plans.failure is not None


async def test_at_the_start_there_is_nothing_that_serves_on(bench: Bench) -> None:
    bench.plan.write_bytes(b"{}")
    assert not await bench.reloader.reload()
    assert bench.said == []
    assert bench.plans.failure is not None


async def test_askings_during_a_load_are_answered_by_one_more(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, loads = asyncio.Event(), 0
    load = bench.plans.load

    async def slowly(path: Path) -> Loaded:
        nonlocal loads
        loads += 1
        plan = await load(path)
        await gate.wait()
        return plan

    monkeypatch.setattr(bench.plans, "load", slowly)
    first = asyncio.create_task(bench.reloader.reload())
    while not loads:
        await asyncio.sleep(0)
    bench.write(OTHER)
    later = [asyncio.create_task(bench.reloader.reload()) for _ in range(9)]
    await asyncio.sleep(0)
    gate.set()
    assert await first
    assert await asyncio.gather(*later) == [True] * 9
    assert loads == 3, "the first found that its file had changed, and loaded again"
    assert bench.plans.current.names.rules == ("y",), "what was written before they asked is in force"
    assert "x" not in "".join(bench.seen).split("configure ")


async def test_those_who_share_a_failed_load_are_all_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: Path) -> Loaded:
        await asyncio.sleep(0)
        raise PlanUnusable("no")

    assert await bench.reloader.reload()
    monkeypatch.setattr(bench.plans, "load", never)
    assert await asyncio.gather(*(bench.reloader.reload() for _ in range(5))) == [False] * 5


async def test_rules_are_compiled_first_and_a_compile_error_leaves_all_as_it_was(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Path, str | None]] = []
    outputs: list[Path] = []

    async def compiling(rules: Path, environment: str | None, output: Path) -> None:
        asked.append((rules, environment))
        outputs.append(output)
        if not rules.exists():
            raise RulesRefused("error[R108]: one\nerror[R107]: two")
        await asyncio.to_thread(output.write_bytes, encode(plan_of(OTHER)))

    monkeypatch.setattr(reload_module, "compile_rules", compiling)
    rules = tmp_path / "rules"
    rules.mkdir()
    bench.reloader = Reloader(
        Source(rules, "prod", None), bench.plans, bench.memory, KEY, bench.configure, bench.said.append
    )
    assert await bench.reloader.reload()
    before = bench.state
    rules.rmdir()
    assert not await bench.reloader.reload()
    assert bench.state == before
    assert bench.said[-1].endswith("error[R108]: one\nerror[R107]: two")
    assert bench.plans.failure is not None
    assert "R107" in bench.plans.failure.reason
    assert asked == [(rules, "prod")] * 2
    assert not any(output.parent.exists() for output in outputs)


async def test_without_a_file_of_facts_those_in_memory_stay(bench: Bench) -> None:
    assert await bench.reloader.reload()
    entries = dict(bench.memory._entries)
    bench.reloader = Reloader(
        Source(bench.plan, None, None), bench.plans, bench.memory, KEY, bench.configure, bench.said.append
    )
    assert await bench.reloader.reload()
    assert bench.memory._entries == entries
    assert json.loads(bench.facts.read_text(encoding="utf-8"))


async def test_what_changed_while_it_was_compiled_is_compiled_again(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule file that is being written in place compiles without its last rules."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "a.rules").write_text("half", encoding="utf-8")
    compiled: list[str] = []

    async def compiling(folder: Path, _: str | None, output: Path) -> None:
        text = (folder / "a.rules").read_text(encoding="utf-8")
        compiled.append(text)
        if text == "half":
            (folder / "a.rules").write_text("whole", encoding="utf-8")
        output.write_bytes(encode(plan_of(RULES if text == "half" else OTHER)))

    monkeypatch.setattr(reload_module, "compile_rules", compiling)
    source = Source(rules, None, bench.facts)
    reloader = Reloader(source, bench.plans, bench.memory, KEY, bench.configure, bench.said.append)
    assert await reloader.reload()
    assert compiled == ["half", "whole"]
    assert bench.plans.current.names.rules == ("y",)
    assert [line.split(",")[0] for line in bench.seen] == ["configure y"], "the half was never near being in force"


async def test_files_that_never_stand_still_are_not_loaded(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await bench.reloader.reload()
    before, load = bench.state, bench.plans.load

    async def writing(path: Path) -> Loaded:
        plan = await load(path)
        bench.facts.write_text(bench.facts.read_text(encoding="utf-8") + " ", encoding="utf-8")
        return plan

    monkeypatch.setattr(bench.plans, "load", writing)
    bench.write(OTHER)
    assert not await bench.reloader.reload()
    assert bench.state == before
    assert "the files changed while they were read, 5 times" in bench.said[-1]
    monkeypatch.undo()
    assert await bench.reloader.reload()


async def test_what_a_reload_took_away_is_told(bench: Bench) -> None:
    route = f'route b {{ match GET on "/b"  trust corp  {UPSTREAM} }}\nallow z on b always\n'
    denies = "".join(f'deny d{n} on a when claims.sub == "{n}"\n' for n in range(10))
    bench.write(RULES + route + denies + 'shadow deny s on a when claims.sub == "x"\n')
    assert await bench.reloader.reload()
    assert not any(line.startswith("warning") for line in bench.said)
    bench.write(RULES + "".join(denies.splitlines(keepends=True)[:9]).replace("deny d0", "shadow deny d0"))
    assert await bench.reloader.reload()
    assert bench.said[-2:] == [
        "warning: this load removed 2 denies: d0, d9",
        "warning: this load removed 1 route: b",
    ]
    bench.write(RULES)
    assert await bench.reloader.reload()
    assert bench.said[-1] == "warning: this load removed 8 denies: d1, d2, d3, d4, d5, d6, d7, d8"
    bench.write(RULES + denies)
    assert await bench.reloader.reload()
    assert bench.said[-1].startswith("plan "), "what comes is no news for concern"
    bench.write(RULES)
    assert await bench.reloader.reload()
    assert bench.said[-1] == "warning: this load removed 10 denies: d0, d1, d2, d3, d4, d5, d6, d7 and 2 more"
