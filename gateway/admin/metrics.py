"""Metrics for Prometheus: the counters that requests leave behind, published when somebody asks.

Law of this file: labels are names from the rules and kinds from our tables; nothing that a client sent is ever a label.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from gateway.server.stats import BUCKETS, Stats

MICROS = 1_000_000

Reads = Mapping[str, tuple[str, Callable[[], float]]]


class GatewayMetrics(Collector):
    """``gauges`` and ``counters`` are read at each scrape: name to (what it is, its value now)."""

    def __init__(self, stats: Stats, gauges: Reads, counters: Reads) -> None:
        self._stats = stats
        self._gauges = gauges
        self._counters = counters

    def collect(self) -> Iterable[Metric]:
        """Everything, in the order it is documented."""
        stats = self._stats
        decisions = CounterMetricFamily(
            "policylang_requests", "Requests by route, decision and status", labels=["route", "decision", "status"]
        )
        for (route, kind, status), count in stats.decisions.items():
            decisions.add_metric([route, kind, str(status)], count)
        yield decisions
        shadows = CounterMetricFamily("policylang_shadow", "What shadow rules said", labels=["rule", "value"])
        for (rule, value), count in stats.shadows.items():
            shadows.add_metric([rule, value], count)
        yield shadows
        policies = CounterMetricFamily("policylang_policy_selected", "Requests by selected policy", labels=["policy"])
        for policy, count in stats.policies.items():
            policies.add_metric([policy], count)
        yield policies
        yield self._latency()
        yield CounterMetricFamily("policylang_request_bytes", "Bytes of request bodies", value=stats.bytes_in)
        yield CounterMetricFamily("policylang_response_bytes", "Bytes of answers", value=stats.bytes_out)
        yield CounterMetricFamily(
            "policylang_uncounted", "Requests let through while a limit could not be counted", value=stats.uncounted
        )
        yield from self._read()

    def _read(self) -> Iterator[Metric]:
        for name, (documentation, read) in self._counters.items():
            yield CounterMetricFamily(f"policylang_{name}", documentation, value=read())
        for name, (documentation, read) in self._gauges.items():
            yield GaugeMetricFamily(f"policylang_{name}", documentation, value=read())

    def _latency(self) -> Metric:
        buckets: list[tuple[str, float]] = []
        total = 0
        for power, count in enumerate(self._stats.latency[: BUCKETS - 1]):
            total += count
            buckets.append((repr((1 << power) / MICROS), total))
        total += self._stats.latency[BUCKETS - 1]
        buckets.append(("+Inf", total))
        family = HistogramMetricFamily("policylang_request_seconds", "From the request's head to the answer's end")
        family.add_metric([], buckets, self._stats.latency_sum / MICROS)
        return family


def registry(metrics: GatewayMetrics) -> CollectorRegistry:
    """A registry of its own, so that two gateways in one process do not share counters."""
    own = CollectorRegistry(auto_describe=False)
    own.register(metrics)
    return own
