"""What goes wrong at the admin API, by code: problem details (RFC 9457), mapped to a status once.

Law of this file: no value of a request is in a problem. ``Problem`` in ``schemas/admin-api.v1.json`` describes the body.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from gateway.message.ports import Outage

T = TypeVar("T")

CODES: Mapping[str, tuple[int, str]] = {
    "parameter_invalid": (400, "A parameter is not as it should be"),
    "body_unexpected": (400, "No body was expected"),
    "body_malformed": (400, "The body is not JSON as it should be"),
    "body_invalid": (400, "The body is not as it should be"),
    "credential_missing": (401, "This needs a credential"),
    "credential_refused": (401, "The credential was refused"),
    "credential_unset": (403, "The admin API is off"),
    "no_route": (404, "There is nothing here"),
    "not_found": (404, "There is no such thing"),
    "method_not_allowed": (405, "This method is not allowed here"),
    "conflict": (409, "It keeps changing"),
    "full": (409, "There is no room for more"),
    "precondition_failed": (412, "It is at another version"),
    "body_too_large": (413, "The body is too large"),
    "record_too_large": (413, "This is more than the store keeps"),
    "media_type": (415, "This type of body is not read here"),
    "refused": (422, "This cannot be accepted"),
    "internal": (500, "Something went wrong"),
    "store_outage": (503, "The store does not answer"),
}
RETRY_SECONDS = 1
ERRORS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    """One place that is wrong: a JSON pointer (RFC 6901), and what was expected there."""

    pointer: str
    detail: str


class Problem(Exception):
    """A refusal: a code of CODES, what to do about it, and where the trouble is."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        errors: Sequence[Trouble] = (),
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status, self.title = CODES[code]
        self.detail = detail
        self.errors = tuple(errors[:ERRORS_AT_MOST])
        self.headers = headers

    def body(self, request_id: str) -> dict[str, Any]:
        """The answer's body."""
        members: dict[str, Any] = {
            "type": f"urn:policylang:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "request_id": request_id,
        }
        if self.detail:
            members["detail"] = self.detail
        if self.errors:
            members["errors"] = [{"pointer": one.pointer, "detail": one.detail} for one in self.errors]
        return members


def refuse(pointer: str, detail: str) -> NoReturn:
    """Raise the problem of one member that the rules, or the time, do not allow."""
    raise Problem("refused", errors=(Trouble(pointer, detail),))


def etag(version: int) -> tuple[str, str]:
    """The header field that tells a version (RFC 9110 section 8.8.3)."""
    return ("ETag", f'"{version}"')


def moved(version: int) -> Problem:
    """The problem of a precondition that does not hold; ``version`` 0: there is none."""
    return Problem("precondition_failed", headers=(etag(version),) if version else ())


def settled(value: T | Outage) -> T:
    """What a store answered; raises its outage as a problem. A write may have been done: who wrote has to look."""
    if isinstance(value, Outage):
        raise Problem(
            "store_outage",
            "a write may have been done or not: look, or send it again with If-Match or If-None-Match",
            headers=(("Retry-After", str(RETRY_SECONDS)),),
        )
    return value
