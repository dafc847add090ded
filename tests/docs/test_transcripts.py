"""Transcripts in the documentation are what the command prints of the files that the page shows."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from policylang.cli.main import main

FENCE = re.compile(r'^```(\w+) title="([^"]+)"[^\n]*\n(.*?)^```$', re.DOTALL | re.MULTILINE)
PAGE = Path("docs/tools/test.md")


def test_the_transcripts_of_rule_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    page = (Path(__file__).parents[2] / PAGE).read_text(encoding="utf-8")
    transcripts = 0
    for language, title, text in FENCE.findall(page):
        if language == "rules":
            (tmp_path / title).write_text(text, encoding="utf-8")
        else:
            assert CliRunner().invoke(main, title.partition(",")[0].split()[1:]).stdout == text
            transcripts += 1
    assert transcripts == 2
