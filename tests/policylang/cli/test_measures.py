"""Measures: options of their own, asked only when they are wanted."""

from pathlib import Path
from typing import Any, cast

import click
import pytest

from policylang.cli import measures
from policylang.cli.measures import Measure, Measured, Run, add_options, measured


def fake(name: str) -> Measure:
    return Measure(name, (click.option(f"--{name}", is_flag=True),), lambda _, values: Measured(True, name, values))


def test_options_are_added_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MEASURES", (fake("first"), fake("second")))

    def plain(**_: Any) -> None:
        """Nothing."""

    command = click.command()(add_options(plain))
    assert [parameter.name for parameter in command.params] == ["first", "second"]


def test_only_what_is_wanted_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MEASURES", (fake("first"), fake("second")))
    run = cast("Run", Path())
    found = measured(run, {"first": False, "second": True})
    assert {name: one.text for name, one in found.items()} == {"second": "second"}
    assert measured(run, {}) == {}
