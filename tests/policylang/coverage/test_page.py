"""What the documentation shows of coverage and mutation is what the command prints."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from policylang.cli.main import main


@pytest.mark.parametrize("page", ["coverage", "mutation"])
def test_transcripts_are_real(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = Path(f"docs/tools/{page}.md").read_text(encoding="utf-8")
    rules = re.search(r'```rules title="shop/shop\.rules"\n(.*?)```', text, re.DOTALL)
    transcript = re.search(r'```text title="policylang (.*?)"\n(.*?)```', text, re.DOTALL)
    assert rules is not None
    assert transcript is not None
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.rules").write_text(rules[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, transcript[1].split()).stdout == transcript[2]


def test_every_operator_is_told_of() -> None:
    from policylang.mutation.generate import mutants_of
    from tests.policylang.mutation.mutated import rule_set
    from tests.policylang.mutation.rich import RICH

    told = set(re.findall(r"`([a-z_]+)`", Path("docs/tools/mutation.md").read_text(encoding="utf-8")))
    assert {mutant.operator for mutant in mutants_of(rule_set(RICH).written)} <= told
    assert {"drop_method", "drop_audience", "drop_algorithm"} <= told
