"""``python -m tests.fuzz``: every property with many more examples, every coverage-guided target, and a table at the end.

``--seconds`` bounds each of them; ``--only WORD`` chooses those whose name has the word in it.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.atheris_run import run_target
from tests.fuzz.property_run import properties, run_property
from tests.fuzz.row import Row, table

TARGETS = ("parser", "token")


def main(arguments: list[str]) -> int:
    """Fuzz; 1 where anything was found."""
    reader = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    reader.add_argument("--seconds", type=int, default=120, help="at most, for each property and each target")
    reader.add_argument("--workers", type=int, default=2, help="processes at a time")
    reader.add_argument("--only", default="", help="a word in the names of those to run")
    reader.add_argument("--keep", type=Path, help="where findings and corpora are left; a temporary folder without it")
    chosen = reader.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(chosen.workers) as workers:
            rows = list(workers.map(_told, _jobs(chosen.only, chosen.seconds, folder)))
    print(table(rows))
    return 1 if any(row.failed for row in rows) else 0


Job = Callable[[], Row]


def _jobs(word: str, seconds: int, folder: Path) -> list[Job]:
    chosen = [name for name in TARGETS if word in f"atheris {name}"]
    found = [] if word.startswith("atheris") else properties("tests/properties")
    jobs: list[Job] = [partial(run_property, node, seconds) for node in found if word in node]
    if chosen and find_spec("atheris") is None:
        print("atheris is not installed here (it has wheels for Linux on x86-64): its targets are left out")
        return jobs
    return [*(partial(run_target, name, seconds, folder) for name in chosen), *jobs]


def _told(job: Job) -> Row:
    row = job()
    print(f"{row.name}: {row.outcome}", flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
