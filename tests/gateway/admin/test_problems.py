"""Problems: their bodies, their bounds, and what becomes of an outage."""

import pytest

from gateway.admin.problems import CODES, ERRORS_AT_MOST, Problem, Trouble, etag, moved, refuse, settled
from gateway.message.ports import OUTAGE


@pytest.mark.parametrize("code", CODES)
def test_the_body_of_each(code: str) -> None:
    status, title = CODES[code]
    body = Problem(code).body("r1")
    assert body == {
        "type": f"urn:policylang:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "request_id": "r1",
    }


def test_details_and_places() -> None:
    body = Problem("refused", "why", [Trouble("/a", "expected b")] * (ERRORS_AT_MOST + 5)).body("r1")
    assert body["detail"] == "why"
    assert body["errors"] == [{"pointer": "/a", "detail": "expected b"}] * ERRORS_AT_MOST


def test_an_outage_may_be_tried_again() -> None:
    assert settled(5) == 5
    with pytest.raises(Problem) as raised:
        settled(OUTAGE)
    assert (raised.value.status, raised.value.headers) == (503, (("Retry-After", "1"),))


def test_versions() -> None:
    assert etag(7) == ("ETag", '"7"')
    assert (moved(7).headers, moved(0).headers) == ((("ETag", '"7"'),), ())
    with pytest.raises(Problem) as raised:
        refuse("/a", "no")
    assert (raised.value.status, raised.value.errors) == (422, (Trouble("/a", "no"),))
