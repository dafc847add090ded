"""Runs a document through every lane, and says what was not as expected."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from policylang.source.tree import tree_of
from tests.conformance import crossed, written
from tests.conformance.built import Built, build, judged, key_folder
from tests.conformance.document import Case, Refused, Suite, read
from tests.conformance.observed import PURE_ONLY, WIRE_ONLY, Observation, complaints
from tests.conformance.pure_lanes import Answering, formatted_lane, plan_lane, reference_lane, stored_lane
from tests.conformance.wire_lane import wire_lane

PURE: Mapping[str, Callable[[Built], Answering]] = {
    "plan": plan_lane,
    "stored": stored_lane,
    "formatted": formatted_lane,
    "reference": reference_lane,
}
LANES = (*PURE, "wire", "refused")


@dataclass
class Outcome:
    """How many cases each lane was asked, and each complaint."""

    name: str
    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@cache
def suites_of(path: Path) -> tuple[Suite, ...]:
    """The suites of a document; the tables have none."""
    document = read(path)
    match document["kind"]:
        case "cases":
            return (written.suite_of(path.stem, document),)
        case "operators":
            return tuple(crossed.suites_of(path.stem, document))
        case _:
            return ()


def run_document(path: Path, folder: Path) -> Outcome:
    """Ask every lane every case of a document."""
    total = Outcome(path.stem)
    for number, suite in enumerate(suites_of(path)):
        place = folder / str(number)
        place.mkdir()
        outcome = run(suite, place)
        total.wrong += outcome.wrong
        for lane, count in outcome.counts.items():
            total.counts[lane] = total.counts.get(lane, 0) + count
    return total


def run(suite: Suite, folder: Path) -> Outcome:
    """Ask every lane every case of a suite; ``folder`` is empty."""
    outcome = Outcome(suite.name)
    key_folder(folder)
    _refusals(suite.refused, folder, outcome)
    if not suite.cases:
        return outcome
    with socket.create_server(("127.0.0.1", 0)) as service:
        built = build(suite, folder, f"http://127.0.0.1:{service.getsockname()[1]}")
        for lane, make in PURE.items():
            answering = make(built)
            _judge(outcome, lane, suite.cases, [answering(case) for case in suite.cases], WIRE_ONLY)
        on_wire = tuple(case for case in suite.cases if case.on_wire)
        answers = asyncio.run(wire_lane(built, on_wire, folder, service))
        _judge(outcome, "wire", on_wire, answers, PURE_ONLY)
    return outcome


def _refusals(refused: tuple[Refused, ...], folder: Path, outcome: Outcome) -> None:
    """Rules that must not compile: by this one complaint and no other."""
    outcome.counts["refused"] = len(refused)
    for one in refused:
        module, _, errors = judged(tree_of({"main.rules": one.rules}, folder))
        codes = sorted({error.code for error in errors})
        if module is not None or codes != [one.code]:
            outcome.wrong.append(f"refused: {one.name}: expected {one.code}, found {codes}")


def _judge(
    outcome: Outcome, lane: str, cases: tuple[Case, ...], answers: list[list[Observation]], unseen: frozenset[str]
) -> None:
    outcome.counts[lane] = len(answers)
    for case, found in zip(cases, answers, strict=True):
        for number, (step, seen) in enumerate(zip(case.steps, found, strict=True), 1):
            place = f"{lane}: {case.name}" + (f", request {number}" if len(case.steps) > 1 else "")
            outcome.wrong += [f"{place}: {what}" for what in complaints(step.expect, seen, unseen)]
