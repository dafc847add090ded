"""Counters of what the gateway decided: plain integers, added to on each request, published when somebody asks."""

from collections import Counter

from gateway.message.record import Record

BUCKETS = 28
"""Latencies are counted by powers of two of microseconds: bucket n holds those below 2**n, the last one the rest."""


class Stats:
    """Counts by route and kind, by shadow rule, and latencies by powers of two."""

    def __init__(self) -> None:
        self.decisions: Counter[tuple[str, str, int]] = Counter()
        self.shadows: Counter[tuple[str, str]] = Counter()
        self.policies: Counter[str] = Counter()
        self.latency = [0] * BUCKETS
        self.latency_sum = 0
        self.bytes_in = 0
        self.bytes_out = 0
        self.uncounted = 0
        self.in_flight = 0

    def count(self, record: Record) -> None:
        """Add one finished request."""
        names = record.plan
        route = names.routes[record.route] if names is not None and record.route >= 0 else ""
        self.decisions[route, record.kind, record.status] += 1
        if names is not None:
            for rule, value in record.shadows:
                said = "fault" if value is None else "true" if value else "false"
                self.shadows[names.rules[rule], said] += 1
            for policy in record.policies:
                self.policies[names.policies[policy]] += 1
        micros = max(0, record.finished - record.started)
        self.latency[min(micros.bit_length(), BUCKETS - 1)] += 1
        self.latency_sum += micros
        self.bytes_in += record.bytes_in
        self.bytes_out += record.bytes_out
        self.uncounted += record.outage_allowed
