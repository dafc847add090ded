"""The RateLimit fields: their values, and that they do not name a policy."""

from gateway.quota.fields import limit_fields, retry_after
from policylang.embed import Charge, Standing, plan_model

RATE = Charge("policy:gold:rate", b"k", plan_model.Rate(5, 1_000_000, 10), "deny")
DAILY = Charge("policy:gold:quota", b"q", plan_model.Quota(1000, "day", 0, "UTC"), "deny")
OWN = Charge("tenant_share", b"t", plan_model.Quota(7, "anchored", 2_592_000_000_000, ""), "allow")


def test_values() -> None:
    standings = [Standing(True, 9, 200_000, 0), Standing(True, 999, 3_600_000_001, 0), Standing(True, 6, 1_000_000, 0)]
    assert limit_fields([RATE, DAILY, OWN], standings) == (
        b'RateLimit-Policy: "rate";q=10;w=2, "quota";q=1000;w=86400, "tenant_share";q=7;w=2592000\r\n'
        b'RateLimit: "rate";r=9;t=1, "quota";r=999;t=3601, "tenant_share";r=6;t=1\r\n'
    )


def test_no_limit_no_fields() -> None:
    assert limit_fields([], []) == b""


def test_a_policy_is_not_named() -> None:
    assert b"gold" not in limit_fields([RATE, DAILY], [Standing(True, 1, 1, 0), Standing(True, 1, 1, 0)])


def test_retry_after_is_the_longest_refusing_wait_rounded_up() -> None:
    standings = [Standing(False, 0, 9, 1_000_001), Standing(True, 3, 99_000_000, 0), Standing(False, 0, 5, 200_000)]
    assert retry_after(standings) == 2


def test_a_concurrency_has_a_unit_and_no_window() -> None:
    slots = Charge("policy:gold:concurrency", b"c", plan_model.Concurrency(4, 60_000_000), "deny")
    own = Charge("uploads", b"u", plan_model.Concurrency(2, 60_000_000), "deny")
    assert limit_fields([slots, own], [Standing(True, 3, 0, 0), Standing(False, 0, 0, 1_000_000)]) == (
        b'RateLimit-Policy: "concurrency";q=4;qu="concurrent-requests", "uploads";q=2;qu="concurrent-requests"\r\n'
        b'RateLimit: "concurrency";r=3;t=0, "uploads";r=0;t=0\r\n'
    )
