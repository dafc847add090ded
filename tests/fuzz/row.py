"""A line of the table that fuzzing ends with."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """``examples`` None: nobody counted them, as where the time was up."""

    name: str
    examples: int | None
    seconds: float
    outcome: str

    @property
    def failed(self) -> bool:
        """Whether something is to be looked at."""
        return not self.outcome.startswith(("nothing found", "time is up"))


def table(rows: Iterable[Row]) -> str:
    """The rows in columns."""
    listed = list(rows)
    width = max((len(row.name) for row in listed), default=4)
    lines = [f"{'name':{width}}  {'examples':>10}  {'seconds':>8}  outcome"]
    for row in listed:
        count = "-" if row.examples is None else str(row.examples)
        lines.append(f"{row.name:{width}}  {count:>10}  {row.seconds:8.1f}  {row.outcome}")
    return "\n".join(lines)
