"""``python -m tests.conformance``: run the suite and print how many cases each lane was asked, document by document."""

import sys
import tempfile
import time
from pathlib import Path

from tests.conformance.document import paths
from tests.conformance.run import LANES, Outcome, run_document


def table(outcomes: list[Outcome]) -> str:
    """One line for each document, and their sum."""
    sums = {lane: sum(outcome.counts.get(lane, 0) for outcome in outcomes) for lane in LANES}
    rows = [*((outcome.name, outcome.counts) for outcome in outcomes), ("all", sums)]
    lines = ["  ".join([f"{'document':24}", *(f"{lane:>9}" for lane in LANES)])]
    lines += ["  ".join([f"{name:24}", *(f"{counts.get(lane, 0):9}" for lane in LANES)]) for name, counts in rows]
    return "\n".join(lines)


def main(names: list[str]) -> int:
    """Run the documents of these names, or all."""
    outcomes = []
    for path in paths():
        if path.stem == "tables" or (names and path.stem not in names):
            continue
        started = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            outcome = run_document(path, Path(folder))
        outcomes.append(outcome)
        print(f"{outcome.name}: {time.process_time() - started:.1f} s of CPU, {len(outcome.wrong)} wrong")
        for wrong in outcome.wrong:
            print(f"  {wrong}")
    print(table(outcomes))
    return 1 if any(outcome.wrong for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
