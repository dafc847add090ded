"""Usage as CSV (RFC 4180): one line for each row of the answer, units in the names of the columns."""

import csv
import io
from typing import Any

from gateway.commands.usage_view import COUNTS, QUANTILES

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(answer: dict[str, Any]) -> str:
    """The rows of an answer of the admin API, or its groups where it has the top identities.

    Denials have one column for each reason that there is: ``denied_REASON``.
    """
    top = "top" in answer
    rows = answer["groups"] if top else answer["rows"]
    reasons = sorted({reason for row in rows for reason in row["denied"]})
    member = "identity" if top else str(answer["group"])
    names = [] if member == "none" else [member]
    period = [] if top else ["start"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [*period, *names, *COUNTS, *(f"denied_{reason}" for reason in reasons), *(f"latency_{q}_us" for q in QUANTILES)]
    )
    for row in rows:
        latency = row["latency_us"] or {}
        writer.writerow(
            [
                *(row["start"] for _ in period),
                *(_text(row[name]) for name in names),
                *(row[name] for name in COUNTS),
                *(row["denied"].get(reason, 0) for reason in reasons),
                *(latency.get(quantile, "") for quantile in QUANTILES),
            ]
        )
    return out.getvalue()


def _text(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(FORMULA) else name
