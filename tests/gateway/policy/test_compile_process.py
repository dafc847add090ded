"""Compiling in a child: diagnostics come back, nothing is half written, and no child is left behind."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest

from gateway.policy import compile_process
from gateway.policy.compile_process import RulesRefused, compile_rules
from policylang.embed import decode

GOOD = """language 1
setting service url
route open { match GET on "/open"  trust anonymous  upstream setting.service }
allow see on open always
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    (folder / "env").mkdir(parents=True)
    (folder / "a.rules").write_text(GOOD, encoding="utf-8")
    (folder / "env" / "prod.toml").write_text('service = "http://svc.test:9000"\n', encoding="utf-8")
    return folder


async def test_a_plan_with_and_without_an_environment(rules: Path, tmp_path: Path) -> None:
    output = tmp_path / "plan.json"
    await compile_rules(rules, "prod", output)
    assert decode(output.read_bytes()).routes[0].upstream == ("http://svc.test:9000",)
    with pytest.raises(RulesRefused, match="settings have no value"):
        await compile_rules(rules, None, output)
    assert decode(output.read_bytes()).routes[0].upstream == ("http://svc.test:9000",)


async def test_diagnostics_surface_and_nothing_is_written(rules: Path, tmp_path: Path) -> None:
    (rules / "a.rules").write_text(GOOD + "allow see on nowhere always\n", encoding="utf-8")
    output = tmp_path / "plan.json"
    with pytest.raises(RulesRefused) as caught:
        await compile_rules(rules, "prod", output)
    assert "error[R" in str(caught.value)
    assert "a.rules:5:" in str(caught.value)
    assert "nowhere" in str(caught.value)
    assert not output.exists()
    with pytest.raises(RulesRefused, match="nope"):
        await compile_rules(rules, "nope", output)
    with pytest.raises(RulesRefused, match="does not exist"):
        await compile_rules(rules / "none", None, output)


async def test_an_output_that_cannot_be_written(rules: Path, tmp_path: Path) -> None:
    with pytest.raises(RulesRefused, match="cannot be written"):
        await compile_rules(rules, "prod", tmp_path / "none" / "plan.json")


Child = asyncio.subprocess.Process


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[Child]:
    """The processes that were started."""
    found: list[Child] = []
    start = asyncio.create_subprocess_exec

    async def starting(*command: str, **how: Any) -> Child:
        found.append(await start(*command, **how))
        return found[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", starting)
    return found


async def test_cancelling_ends_the_child(rules: Path, tmp_path: Path, children: list[Child]) -> None:
    output = tmp_path / "plan.json"
    task = asyncio.create_task(compile_rules(rules, "prod", output))
    while not children:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [child.returncode for child in children] == [-signal.SIGKILL]
    assert not output.exists()


async def test_a_compiler_that_takes_too_long_is_ended(
    rules: Path, tmp_path: Path, children: list[Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compile_process, "COMPILE_SECONDS", 0)
    with pytest.raises(RulesRefused, match="did not compile within 0 seconds"):
        await compile_rules(rules, "prod", tmp_path / "plan.json")
    assert [child.returncode for child in children] == [-signal.SIGKILL]
