from policylang.plan.model import Concurrency, Quota, Rate
from policylang.runtime.verdict import Charge, Mint, Verdict
from policylang.simulate.record import charge_record, decided, decision_of, header_pairs, limited
from tests.policylang.codegen.small_plans import SUB, Build


def test_statuses() -> None:
    assert (decided("no_route").status, decided("limited").status, decided("allow", route="r").route) == (404, 429, "r")


def test_indices_become_names() -> None:
    plan = (
        Build()
        .rule("allow", "a")
        .rule("deny", "b")
        .rule("shadow deny", "d")
        .rule("shadow allow", "c")
        .token("t", SUB)
        .plan()
    )
    mint = Mint(0, "u1", {"z": ["b", "a"], "a": 1})
    verdict = Verdict(
        "deny_fault", 1, (), ("mfa",), (1,), (), b"X-A: 1\r\n", b"", (mint,), ((2, None), (3, True)),
    )  # fmt: skip
    decision = decision_of(plan, "r", 1, verdict)
    assert (decision.kind, decision.status, decision.route, decision.issuer) == ("deny_fault", 503, "r", "robots")
    assert (decision.rule, decision.faults, decision.acr) == ("b", ("b",), ("mfa",))
    assert decision.shadows == (("c", "fault"), ("d", "true"))
    assert decision.request_headers == (("X-A", "1"),)
    assert decision.minted == (("t", "X-Identity", "u1", (("a", 1), ("z", ("b", "a")))),)
    assert decision_of(plan, "r", None, Verdict("no_allow")).issuer is None
    assert decision_of(plan, "r", None, Verdict("no_allow")).rule is None


def test_amounts() -> None:
    calendar, anchored = Quota(3, "day", 0, "UTC"), Quota(3, "anchored", 5, "UTC")
    for amount, figures in (
        (Rate(1, 2, 3), ("rate", 1, 2, 3)), (calendar, ("quota", 3, "day", 0, "UTC")),
        (anchored, ("quota", 3, "anchored", 5, "")), (Concurrency(4, 5), ("concurrent", 4, 5)),
        (Quota(9, "day", 0, "UTC", 2), ("quota", 9, "day", 0, "UTC", 2)),
    ):  # fmt: skip
        record = charge_record(Charge("l", b"\1\2", amount, "deny"))
        assert (record.limit, record.key, record.amount) == ("l", "0102", figures)


def test_a_limited_request_says_nothing() -> None:
    plan = Build().rule("allow", "a").plan()
    allowed = decision_of(plan, "r", 0, Verdict("allow", 0, set_request=b"X-A: 1\r\n", set_response=b"X-B: 1\r\n"))
    refused = limited(allowed, [Charge("l", b"k", Rate(1, 1, 1), "deny")])
    assert (refused.kind, refused.status, refused.rule, refused.request_headers) == ("limited", 429, None, ())
    assert refused.response_headers == ()
    assert refused.minted == ()
    assert [charge.limit for charge in refused.charges] == ["l"]


def test_header_pairs() -> None:
    assert header_pairs(b"") == ()
    assert header_pairs(b"A: b: c\r\nB: \r\n") == (("A", "b: c"), ("B", ""))
