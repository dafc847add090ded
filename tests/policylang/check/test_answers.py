from policylang.check.answers import REFUSED, STATUSES
from policylang.runtime.decision import STATUS


def test_kinds_and_statuses_are_those_of_decisions() -> None:
    outages = {"allow", "keys_fault", "limit_outage"}
    assert {kind: status for kind, status in STATUS.items() if kind not in outages} == REFUSED
    assert STATUSES == (400, 401, 403, 404, 405, 429, 503)
