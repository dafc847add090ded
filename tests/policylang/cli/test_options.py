"""Colours: asked for, or for a terminal whose user has not declined them."""

import io
from pathlib import Path

import click
import pytest

from policylang.cli.options import several, wants_color


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal(), object()])
@pytest.mark.parametrize("declined", [None, "", "1"])
def test_a_choice_is_a_choice(stream: object, declined: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if declined is not None:
        monkeypatch.setenv("NO_COLOR", declined)
    assert wants_color("always", stream)
    assert not wants_color("never", stream)


@pytest.mark.parametrize(
    ("stream", "declined", "expected"),
    [
        (Terminal(), None, True),
        (Terminal(), "", True),
        (Terminal(), "1", False),
        (Terminal(), "0", False),
        (io.StringIO(), None, False),
        (object(), None, False),
    ],
)
def test_auto(stream: object, declined: str | None, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if declined is not None:
        monkeypatch.setenv("NO_COLOR", declined)
    assert wants_color("auto", stream) is expected


def test_several_rule_sets_are_told_in_text_alone(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name / "env").mkdir(parents=True)
        (tmp_path / name / "x.rules").write_text("language 1\n", "utf-8")
    assert several(tmp_path, "text") == (tmp_path / "a", tmp_path / "b")
    assert several(tmp_path / "a", "json") == (tmp_path / "a",)
    with pytest.raises(click.UsageError, match=r"several rule sets; name one: .*a, .*b"):
        several(tmp_path, "json")
