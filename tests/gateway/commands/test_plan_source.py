"""Plans from what the command line names."""

from pathlib import Path

import click
import pytest

from gateway.commands.plan_source import read_plan
from tests.gateway.commands.conftest import PlanFile
from tests.strategies.spine import HEAD, UPSTREAM

RULES = f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\nallow x on a always\n'


def test_a_plan_file(plan_file: PlanFile) -> None:
    assert read_plan(plan_file(RULES), None).routes[0].name == "a"


def test_rules_are_compiled(tmp_path: Path) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text(HEAD + RULES, encoding="utf-8")
    assert read_plan(rules, None).rules[0].name == "x"


def test_rules_that_do_not_compile_are_an_error_with_the_diagnostics(tmp_path: Path) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text(HEAD + RULES + "allow y on nowhere always\n", encoding="utf-8")
    with pytest.raises(click.ClickException) as caught:
        read_plan(rules, None)
    assert "nowhere" in caught.value.message
    assert "error[R" in caught.value.message
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff"])
def test_plan_files_that_are_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(click.ClickException, match=r"plan\.json"):
        read_plan(path, None)
    with pytest.raises(click.ClickException, match="cannot be read"):
        read_plan(tmp_path / "none.json", None)
