"""Runs one coverage-guided target in a process of its own, for a bounded time, and reads what libFuzzer says of it."""

import re
import subprocess
import sys
import time
from hashlib import blake2b
from pathlib import Path

from tests.fuzz.row import Row
from tests.fuzz.seeds import seeds

GRACE_SECONDS = 120
_UNITS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


def run_target(name: str, seconds: int, folder: Path) -> Row:
    """Fuzz a target from its seeds. What fails is left in ``folder``, minimised no further than libFuzzer does."""
    corpus, found = folder / f"{name}-corpus", folder / f"{name}-found"
    corpus.mkdir()
    found.mkdir()
    for seed in seeds(name):
        (corpus / blake2b(seed, digest_size=16).hexdigest()).write_bytes(seed)
    started = time.monotonic()
    command = [
        sys.executable, "-m", f"tests.fuzz.fuzz_{name}", str(corpus), f"-max_total_time={seconds}", "-max_len=8192",
        "-print_final_stats=1", "-timeout=25", "-rss_limit_mb=4096", f"-artifact_prefix={found}/",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + GRACE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Row(f"atheris {name}", None, time.monotonic() - started, "hangs: it did not end when its time was up")
    units = _UNITS.search(done.stderr)
    artifacts = sorted(path.name for path in found.iterdir() if not _passes_alone(name, path))
    outcome = "nothing found"
    if artifacts or (done.returncode and not any(found.iterdir())):
        outcome = f"FOUND {', '.join(artifacts) or 'no artifact'}: {_last_words(done.stdout + done.stderr)}"
    return Row(f"atheris {name}", int(units[1]) if units else None, time.monotonic() - started, outcome)


def _passes_alone(name: str, artifact: Path) -> bool:
    """Whether an input that took too long is done in time by itself: libFuzzer counts what a busy machine takes, too."""
    if not artifact.name.startswith(("timeout-", "slow-unit-")):
        return False
    command = [sys.executable, "-m", f"tests.fuzz.fuzz_{name}", str(artifact)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=GRACE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _last_words(text: str) -> str:
    """The exception of a failure, or the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[A-Za-z_.]*(?:Error|Exception|Stuck\w*)\b", line)]
    return (errors or lines or ["no output"])[-1][:300]
