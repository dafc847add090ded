"""The version of the distribution."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

import pytest

from policylang.cli import version as module
from policylang.cli.version import version
from tests.policylang.cli.conftest import Run


def test_it_is_the_installed_ones(run: Run) -> None:
    assert version() == installed("policylang")
    assert version() in run("--version").stdout


def test_without_a_distribution_it_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(module, "installed", missing)
    assert version() == "unknown"
