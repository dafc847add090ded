"""Metrics as another reader of the exposition format sees them."""

from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from gateway.admin.metrics import GatewayMetrics, registry
from gateway.message.record import PlanNames, Record
from gateway.server.stats import Stats

NAMES = PlanNames("d", ("orders",), (), ("slow",), ("gold",))


def scraped(stats: Stats) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = generate_latest(
        registry(
            GatewayMetrics(stats, {"cached_tokens": ("Tokens", lambda: 7)}, {"key_fetches": ("Fetches", lambda: 3)})
        )
    ).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_counts_reach_the_scrape() -> None:
    stats = Stats()
    for status, kind in [(200, "allow"), (200, "allow"), (429, "limited")]:
        record = Record("r", 0, "GET", NAMES, 0, kind=kind, status=status, bytes_out=5, finished=300, policies=(0,))
        record.shadows = ((0, None),)
        stats.count(record)
    stats.count(Record("r", 0, "GET", kind="no_route", status=404, finished=2**40))
    seen = scraped(stats)
    label = (("decision", "allow"), ("route", "orders"), ("status", "200"))
    assert seen["policylang_requests_total", label] == 2
    assert seen["policylang_requests_total", (("decision", "no_route"), ("route", ""), ("status", "404"))] == 1
    assert seen["policylang_shadow_total", (("rule", "slow"), ("value", "fault"))] == 3
    assert seen["policylang_policy_selected_total", (("policy", "gold"),)] == 3
    assert seen["policylang_response_bytes_total", ()] == 15
    assert seen["policylang_cached_tokens", ()] == 7
    assert seen["policylang_key_fetches_total", ()] == 3
    assert seen["policylang_request_seconds_count", ()] == 4
    assert seen["policylang_request_seconds_bucket", (("le", "0.000256"),)] == 0
    assert seen["policylang_request_seconds_bucket", (("le", "0.000512"),)] == 3
