"""The failures name kinds of refusals that exist."""

import pytest

from gateway.message.refusal import KINDS
from gateway.upstream.ports import LAST, NO_BODY, OLD_CLIENT, UPLOAD, Failure


@pytest.mark.parametrize("failure", Failure)
def test_a_failure_is_a_refusal_with_words_for_the_log(failure: Failure) -> None:
    assert failure.kind in KINDS
    assert failure.reason


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (Failure.UNREACHABLE, 502),
        (Failure.UNTRUSTED, 502),
        (Failure.CONNECT_LATE, 504),
        (Failure.SATURATED, 503),
        (Failure.CLOSED_UNANSWERED, 502),
        (Failure.BROKEN, 502),
        (Failure.ANSWER_LATE, 504),
        (Failure.IDLE_LATE, 504),
        (Failure.BODY_BROKEN, 400),
        (Failure.BODY_TOO_LARGE, 413),
        (Failure.BODY_LATE, 408),
        (Failure.SHUT_DOWN, 503),
    ],
)
def test_whose_fault_it_is_shows_in_the_status(failure: Failure, status: int) -> None:
    assert KINDS[failure.kind][0] == status


def test_the_wants_are_bits_of_their_own() -> None:
    assert NO_BODY | OLD_CLIENT | LAST | UPLOAD == NO_BODY + OLD_CLIENT + LAST + UPLOAD
