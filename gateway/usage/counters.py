"""What is counted of a request, by name, and what the counts say.

| name | what |
|---|---|
| ``n`` | requests |
| ``k.KIND`` | those of a decision kind other than ``allow`` (refusal.KINDS, or ``abandoned``) |
| ``u`` | upstream errors |
| ``o`` | let through while a limit could not be counted |
| ``i``, ``b`` | bytes in, bytes out |
| ``tNUMBER`` | admitted requests by the latency's bucket |

Names are short because a store has them once for each cell. A count that is 0 is not there.
"""

from collections.abc import Mapping, MutableMapping

from gateway.message.record import Record
from gateway.message.refusal import KINDS
from gateway.usage.buckets import bucket, quantiles
from gateway.usage.port import Figures, Latency

UPSTREAM = frozenset({"upstream_unreachable", "upstream_broken", "upstream_timeout"})
"""Kinds of requests that were admitted and then failed."""
KIND = "k."
ABANDONED = "abandoned"


def count(counts: MutableMapping[str, int], record: Record) -> None:
    """Add a finished request. A kind that is in no table is that of a client that left before there was one."""
    kind = record.kind
    counts["n"] = counts.get("n", 0) + 1
    if kind != "allow":
        if kind not in KINDS:
            kind = ABANDONED
        name = _KIND_NAMES[kind]
        counts[name] = counts.get(name, 0) + 1
    if kind == "allow" or kind in UPSTREAM:
        name = _TIMES[bucket(record.finished - record.started)]
        counts[name] = counts.get(name, 0) + 1
        if kind != "allow" or record.upstream >= 500:
            counts["u"] = counts.get("u", 0) + 1
        if record.outage_allowed:
            counts["o"] = counts.get("o", 0) + 1
    if record.bytes_in:
        counts["i"] = counts.get("i", 0) + record.bytes_in
    if record.bytes_out:
        counts["b"] = counts.get("b", 0) + record.bytes_out


def merge(into: MutableMapping[str, int], counts: Mapping[str, int]) -> None:
    """Add all counts."""
    for name, value in counts.items():
        into[name] = into.get(name, 0) + value


def figures(counts: Mapping[str, int]) -> Figures:
    """What counts say."""
    kinds = {name[len(KIND) :]: value for name, value in counts.items() if name.startswith(KIND)}
    limited, abandoned = kinds.pop("limited", 0), kinds.pop(ABANDONED, 0)
    denied = {kind: value for kind, value in kinds.items() if kind not in UPSTREAM}
    requests = counts.get("n", 0)
    times = {int(name[1:]): value for name, value in counts.items() if name[0] == "t" and value > 0}
    return Figures(
        requests=requests,
        admitted=requests - limited - abandoned - sum(denied.values()),
        denied=denied,
        limited=limited,
        abandoned=abandoned,
        upstream_errors=counts.get("u", 0),
        uncounted=counts.get("o", 0),
        bytes_in=counts.get("i", 0),
        bytes_out=counts.get("b", 0),
        latency=Latency(*quantiles(times, (0.5, 0.9, 0.99))) if times else None,
    )


_KIND_NAMES = {kind: KIND + kind for kind in (*KINDS, ABANDONED)}
_TIMES = tuple(f"t{number}" for number in range(bucket(1 << 62) + 1))
