"""After a run of this folder alone: how many cases each lane was asked."""

from typing import Any

import pytest

from tests.conformance.run import LANES


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A line for each lane, from what the tests of the documents recorded."""
    counts = dict.fromkeys(LANES, 0)
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if isinstance(report, pytest.TestReport) and name in counts:
                counts[name] += value
    if any(counts.values()):
        terminalreporter.section("conformance: cases by lane")
        for lane, count in counts.items():
            terminalreporter.line(f"{lane:10} {count:6}")
