"""What services refuse, as problems."""

from typing import get_args

import pytest

from gateway.admin.key_words import done, problem_of
from gateway.admin.problems import Problem
from gateway.keys.changes import Problem as Refused
from gateway.keys.changes import Reason
from gateway.message.ports import OUTAGE
from gateway.records.port import Conflict


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_is_a_problem(reason: Reason) -> None:
    problem = problem_of(Refused(reason, "claims.client", "word"))
    assert 400 <= problem.status < 500
    assert problem.code != "refused" or problem.errors[0].detail.endswith(": word")


def test_places() -> None:
    assert problem_of(Refused("claims_invalid", "claims.client")).errors[0].pointer == "/claims/client"
    assert problem_of(Refused("claims_invalid", "claims.")).errors[0].pointer == "/claims"
    assert problem_of(Refused("jwk_refused", "jwk", "weak")).errors[0].pointer == "/proof/jwk"
    assert problem_of(Refused("nothing_to_rotate", "jwk")).errors[0].pointer == ""


@pytest.mark.parametrize(
    ("outcome", "expect", "code"),
    [
        (OUTAGE, None, "store_outage"),
        (Conflict(5), None, "conflict"),
        (Conflict(5), 4, "precondition_failed"),
        (Refused("not_found"), None, "not_found"),
        (Refused("too_many_revocations"), None, "full"),
    ],
)
def test_outcomes(outcome: object, expect: int | None, code: str) -> None:
    with pytest.raises(Problem, match=code):
        done(outcome, expect)
    assert done("fine", expect) == "fine"
