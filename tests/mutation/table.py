"""What became of the mutants, module by module."""

from collections.abc import Mapping
from dataclasses import dataclass

OUTCOMES: Mapping[int, str] = {0: "survived", 1: "killed", 3: "killed", 33: "no test", 24: "timeout", 36: "timeout"}
"""mutmut's exit codes; of a process that was killed for its time the number of the signal, negative."""


@dataclass(frozen=True, slots=True)
class Row:
    """``survivors`` are the names that ``mutmut show`` takes."""

    module: str
    generated: int
    killed: int
    timeouts: int
    untested: tuple[str, ...]
    survivors: tuple[str, ...]

    @property
    def tried(self) -> int:
        """Mutants with an outcome."""
        return self.killed + self.timeouts + len(self.untested) + len(self.survivors)


def row(module: str, codes: Mapping[str, int | None]) -> Row:
    """The row of a module, from the exit code of each of its mutants; None where it was not tried.

    Raises:
        ValueError: a code that is none of mutmut's.
    """
    found: dict[str, list[str]] = {outcome: [] for outcome in OUTCOMES.values()}
    for name, code in codes.items():
        if code is None:
            continue
        outcome = OUTCOMES.get(abs(code))
        if outcome is None:
            raise ValueError(f"{name} ended with {code}")
        found[outcome].append(name)
    survivors, untested = tuple(found["survived"]), tuple(found["no test"])
    return Row(module, len(codes), len(found["killed"]), len(found["timeout"]), untested, survivors)


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table, with their sum."""
    lines = ["| module | mutants | tried | killed | timeout | survived | no test | score |", f"|---|{'---:|' * 7}"]
    whole = Row(
        "all",
        sum(row.generated for row in rows),
        sum(row.killed for row in rows),
        sum(row.timeouts for row in rows),
        tuple(name for row in rows for name in row.untested),
        tuple(name for row in rows for name in row.survivors),
    )
    for one in [*rows, whole]:
        numbers = (one.generated, one.tried, one.killed, one.timeouts, len(one.survivors), len(one.untested))
        score = f"{100 * (one.killed + one.timeouts) // one.tried} %" if one.tried else "-"
        lines.append(f"| {one.module} | {' | '.join(map(str, numbers))} | {score} |")
    return "\n".join(lines)
