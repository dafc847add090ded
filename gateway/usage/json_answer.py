"""Usage as JSON: what the admin API answers. Times are RFC 3339 in UTC; members say their unit in their name."""

import re
from datetime import UTC, datetime
from typing import Any

from gateway.usage.port import ANONYMOUS, OTHERS, Figures, Query, Row, Usage

HEXADECIMAL = re.compile(r"[0-9a-f]{32}")


def to_json(usage: Usage) -> dict[str, Any]:
    """``{from, to, by, group, identity?, top?, rows, groups, total}``.

    A row is ``{start, <policy|route>?, figures…}``; a group ``{<policy|route|identity>, figures…}``. Figures are
    ``requests, admitted, denied {kind: count}, limited, abandoned, upstream_errors, uncounted, bytes_in, bytes_out`` and
    ``latency_us {p50, p90, p99}`` or null.
    """
    query = usage.query
    answer: dict[str, Any] = {
        "from": instant(query.periods[0]),
        "to": instant(query.periods[-1] + query.periods.step),
        "by": query.by,
        "group": query.group,
    }
    if query.identity is not None:
        answer["identity"] = identity_text(query.identity)
    if query.top:
        answer["top"] = query.top
    answer["rows"] = [{"start": instant(row.start), **_named(query, row)} for row in usage.rows]
    answer["groups"] = [_named(query, row) for row in usage.groups]
    answer["total"] = _figures(usage.total)
    return answer


def instant(micros: int) -> str:
    """A time as RFC 3339 has it.

    >>> instant(1_763_913_600_000_000)
    '2025-11-23T16:00:00Z'
    """
    return datetime.fromtimestamp(micros // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def identity_text(identity: bytes) -> str:
    """An identity as it is shown: hexadecimal, ``anonymous`` or ``others``."""
    return {ANONYMOUS: "anonymous", OTHERS: "others"}.get(identity) or identity.hex()


def identity_of(text: str) -> bytes:
    """The identity that is shown so. Raises ValueError."""
    if text in {"anonymous", "others"}:
        return ANONYMOUS if text == "anonymous" else OTHERS
    if not HEXADECIMAL.fullmatch(text):
        raise ValueError("an identity is 32 lower-case hexadecimal digits, `anonymous` or `others`")
    return bytes.fromhex(text)


def _named(query: Query, row: Row) -> dict[str, Any]:
    member = "identity" if query.top else query.group
    return {**({} if member == "none" else {member: row.name}), **_figures(row.figures)}


def _figures(figures: Figures) -> dict[str, Any]:
    latency = figures.latency
    return {
        "requests": figures.requests,
        "admitted": figures.admitted,
        "denied": dict(sorted(figures.denied.items())),
        "limited": figures.limited,
        "abandoned": figures.abandoned,
        "upstream_errors": figures.upstream_errors,
        "uncounted": figures.uncounted,
        "bytes_in": figures.bytes_in,
        "bytes_out": figures.bytes_out,
        "latency_us": None if latency is None else {"p50": latency.p50, "p90": latency.p90, "p99": latency.p99},
    }
