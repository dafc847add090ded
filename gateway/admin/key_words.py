"""What the services of keys and revocations refuse, as problems of the admin API."""

from typing import TypeVar

from gateway.admin.problems import Problem, Trouble, moved, settled
from gateway.keys.changes import Problem as Refused
from gateway.keys.changes import Reason
from gateway.message.ports import Outage
from gateway.records.port import Conflict

T = TypeVar("T")

_WORDS: dict[Reason, tuple[str, str]] = {
    "kind_not_of_keyring": ("/proof", "the rules take no such keys of this keyring"),
    "claims_invalid": ("", "does not fit what the rules declare"),
    "metadata_invalid": ("", "is no I-JSON that a record can hold"),
    "expires_invalid": ("/expires", "has to be after now, by the store's time"),
    "jwk_refused": ("/proof/jwk", "is no public key that verifies"),
    "nothing_to_rotate": ("", "a public key has no secret: make another key, and delete this one"),
    "subject_invalid": ("", "is nobody whose tokens could be taken back under these rules"),
    "before_invalid": ("/issued_before", "is no time that a token could have been issued at"),
}


def done(outcome: T | Refused | Conflict | Outage, expect: int | None = None) -> T:
    """What came of an act, or its Problem. ``expect``: the version that the request is about, if it said one."""
    if isinstance(outcome, Outage):
        return settled(outcome)
    if isinstance(outcome, Refused):
        raise problem_of(outcome)
    if isinstance(outcome, Conflict):
        raise moved(outcome.version) if expect is not None else Problem("conflict", "send it again, or with If-Match")
    return outcome


def problem_of(refused: Refused) -> Problem:
    """The problem; a place is told by names of the document and of the rules alone."""
    match refused.reason:
        case "not_found":
            return Problem("not_found")
        case "keyring_unknown":
            return Problem("not_found", "the rules in force declare no such keyring")
        case "too_large":
            return Problem("record_too_large")
        case "too_many_revocations":
            return Problem("full", "delete revocations that are no longer needed, or raise revocations.at_most")
    pointer, words = _WORDS[refused.reason]
    if not pointer and refused.member:
        pointer = "/" + refused.member.rstrip(".").replace(".", "/")
    detail = f"{words}: {refused.detail}" if refused.detail else words
    return Problem("refused", errors=(Trouble("" if refused.reason == "nothing_to_rotate" else pointer, detail),))
