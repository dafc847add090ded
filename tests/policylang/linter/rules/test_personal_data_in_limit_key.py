"""L019: facts about persons in the store of counters."""

from tests.policylang.linter.linting import places

LIMIT = "limit each on orders by {} {{ rate 10 per 1s burst 20   on outage deny }}\n"


def test_a_subject_is_a_person() -> None:
    assert places("L019", LIMIT.format("claims.sub")) == ["claims.sub"]


def test_identity_route_and_tenant_are_not() -> None:
    for key in ("identity", "route", "claims.tenant"):
        assert places("L019", LIMIT.format(key)) == []


def test_both_lists_are_options() -> None:
    assert places("L019", LIMIT.format("claims.tenant"), names=("tenant",)) == ["claims.tenant"]
    assert places("L019", LIMIT.format("claims.sub"), subjects=("uid",)) == []
