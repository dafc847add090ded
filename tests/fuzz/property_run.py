"""Runs one property under the fuzz profile in processes of its own, round after round, for a bounded time."""

import itertools
import os
import re
import subprocess
import sys
import time

from tests.fuzz.row import Row

WANTED = 100_000
"""Examples after which a property has had enough."""
FIRST_ROUND = 10
FIRST_PATIENCE = 4
"""The first round, which is small, may take so many times the seconds: of a slow property there are a few examples too."""
TIME_IS_UP = "time is up, nothing found"
FUZZ = {**os.environ, "HYPOTHESIS_PROFILE": "fuzz"}
_RAN = re.compile(r"(\d+) passing(?: examples?)?, (\d+) failing")


def properties(where: str) -> list[str]:
    """The tests below a path, each function once. Raises RuntimeError where they cannot be collected."""
    command = [sys.executable, "-m", "pytest", where, "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, capture_output=True, text=True, env=FUZZ, check=False)
    if done.returncode:
        raise RuntimeError(f"{where} cannot be collected:\n{done.stdout[-2000:]}")
    return list(dict.fromkeys(line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line))


def run_property(node: str, seconds: int, wanted: int = WANTED) -> Row:
    """Run a test in rounds with other seeds until it had ``wanted`` examples or its time is up.

    Examples of a round that did not end in time are not counted; a test without examples counts as one and runs once.
    """
    name = node.rpartition("/")[2]
    began = time.monotonic()
    count, size = 0, FIRST_ROUND
    for seed in itertools.count(1):
        started = time.monotonic()
        left = seconds - (started - began) if count else FIRST_PATIENCE * seconds
        done = _round(node, size, seed, left)
        if done is None:
            return Row(name, count or None, time.monotonic() - began, TIME_IS_UP)
        now = time.monotonic()
        ran = sum(int(passing) + int(failing) for passing, failing in _RAN.findall(done.stdout))
        count += ran
        if done.returncode:
            return Row(name, count or 1, now - began, f"FOUND: {_complaint(done.stdout)}")
        if not ran or count >= wanted:
            return Row(name, count or 1, now - began, "nothing found")
        if ran < size:
            return Row(name, count, now - began, "nothing found: there are no more examples")
        # As many as the pace of this round lets fit into most of what is left.
        left = seconds - (now - began)
        size = min(wanted - count, int(ran / (now - started) * left * 0.8))
        if size < FIRST_ROUND // 4:
            return Row(name, count, now - began, TIME_IS_UP)
    raise AssertionError("rounds do not end by themselves")


def _round(node: str, size: int, seed: int, seconds: float) -> subprocess.CompletedProcess[str] | None:
    """One run of a test; None where it did not end in time."""
    command = [
        sys.executable, "-m", "pytest", node, "-q", "-p", "no:cacheprovider", "--hypothesis-show-statistics",
        f"--hypothesis-seed={seed}",
    ]  # fmt: skip
    environment = {**FUZZ, "HYPOTHESIS_EXAMPLES": str(size)}
    try:
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=max(seconds, 1), check=False
        )
    except subprocess.TimeoutExpired:
        return None


def _complaint(text: str) -> str:
    """The first line of what pytest complains of."""
    lines = [line.removeprefix("E").strip() for line in text.splitlines() if line.startswith("E ")]
    return (lines or text.splitlines() or ["no output"])[0][:300]
