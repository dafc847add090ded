"""Runs one property under the fuzz profile in a process of its own, for a bounded time."""

import os
import re
import subprocess
import sys
import time

from tests.fuzz.row import Row

FUZZ = {**os.environ, "HYPOTHESIS_PROFILE": "fuzz"}
_RAN = re.compile(r"(\d+) passing(?: examples?)?, (\d+) failing")


def properties(where: str) -> list[str]:
    """The tests below a path, each function once. Raises RuntimeError where they cannot be collected."""
    command = [sys.executable, "-m", "pytest", where, "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, capture_output=True, text=True, env=FUZZ, check=False)
    if done.returncode:
        raise RuntimeError(f"{where} cannot be collected:\n{done.stdout[-2000:]}")
    return list(dict.fromkeys(line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line))


def run_property(node: str, seconds: int) -> Row:
    """Run a test until it is done or its time is up; a test without examples counts as one."""
    command = [sys.executable, "-m", "pytest", node, "-q", "-p", "no:cacheprovider", "--hypothesis-show-statistics"]
    name = node.rpartition("/")[2]
    started = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=FUZZ, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return Row(name, None, time.monotonic() - started, "time is up, nothing found")
    examples = sum(int(passing) + int(failing) for passing, failing in _RAN.findall(done.stdout))
    outcome = "nothing found" if done.returncode == 0 else f"FOUND: {_complaint(done.stdout)}"
    return Row(name, examples or 1, time.monotonic() - started, outcome)


def _complaint(text: str) -> str:
    """The first line of what pytest complains of."""
    lines = [line.removeprefix("E").strip() for line in text.splitlines() if line.startswith("E ")]
    return (lines or text.splitlines() or ["no output"])[0][:300]
