"""The acts on revocations: add, list, lift. What the admin API calls.

Law of this file: what is accepted is in the store before it is answered; each gateway learns of it from the feed. More than
gateways can hold is refused here, where somebody can do something about it.
"""

from dataclasses import dataclass

from gateway.keys.changes import Failed, Problem, RevocationPage, RevocationView
from gateway.keys.names import (
    ISSUER,
    Subject,
    jti_digest,
    parse_revocation_name,
    revocation_name,
)
from gateway.keys.records import RecordUnreadable, RevocationRecord, read_revocation, write_revocation
from gateway.keys.revocation_list import RevocationList
from gateway.message.ports import Outage
from gateway.records.port import Conflict, RecordStore, Stored

SECOND = 1_000_000
DEFAULT_LIFE = 24 * 3_600 * SECOND
LONGEST_LIFE = 400 * 24 * 3_600 * SECOND
AHEAD_SECONDS = 300
"""How far in the future "issued before" may be: clocks differ, and more is a mistake of unit or of zone."""

IDENTITY_BYTES = 16
LONGEST_JTI = 1_024


def of_identity(identity: bytes) -> Subject | Problem:
    """All tokens of a virtual identity (16 bytes)."""
    return (
        Subject("identity", "", identity) if len(identity) == IDENTITY_BYTES else Problem("subject_invalid", "identity")
    )


def of_issuer(issuer: str) -> Subject | Problem:
    """All tokens of an issuer, by its name in the rules."""
    return Subject("issuer", issuer, b"") if ISSUER.fullmatch(issuer) else Problem("subject_invalid", "issuer")


def of_token(issuer: str, jti: str) -> Subject | Problem:
    """The tokens of an issuer with this jti, character for character."""
    if not ISSUER.fullmatch(issuer):
        return Problem("subject_invalid", "issuer")
    try:
        long = len(jti.encode()) > LONGEST_JTI
    except UnicodeEncodeError:
        return Problem("subject_invalid", "jti")
    return Problem("subject_invalid", "jti") if long else Subject("jti", issuer, jti_digest(issuer, jti))


@dataclass(frozen=True, slots=True)
class RevocationService:
    """``known`` is this gateway's list: its bound is what all gateways can hold."""

    store: RecordStore
    known: RevocationList

    async def add(self, subject: Subject | Problem, before: int | None, expires: int | None) -> RevocationView | Failed:
        """Take back the tokens of ``subject`` that were issued before an instant (seconds since 1970), or all (None).

        ``expires`` (microseconds since 1970, None: 24 hours from now): when no token that it concerns can live any more. It
        is at most 400 days away. An issuer is taken back before an instant alone; a jti as a whole. One that is
        there already is written again, and never made narrower.
        """
        if isinstance(subject, Problem):
            return subject
        now = await self.store.now()
        if isinstance(now, Outage):
            return now
        until = now + DEFAULT_LIFE if expires is None else expires
        problem = _problem(subject, before, until, now)
        if problem is not None:
            return problem
        name = revocation_name(subject)
        there = await self.store.get("revocation", name)
        if isinstance(there, Outage):
            return there
        if there is None and len(self.known) >= self.known.most and self.known.live(now) >= self.known.most:
            return Problem("too_many_revocations")
        record, until = _widened(RevocationRecord(before, now), until, there)
        stored = await self.store.put(
            "revocation", name, write_revocation(record), until, 0 if there is None else there.version
        )
        if not isinstance(stored, Stored):
            return stored
        return RevocationView(name, subject, record, stored.version, stored.expires)

    async def page(self, prefix: str, after: str, limit: int) -> RevocationPage | Outage:
        """Revocations by name: ``identity:…``, ``issuer:…``, ``jti:…``. Raises RecordRefused for what is no part of a name."""
        page = await self.store.page("revocation", prefix, after, limit)
        if isinstance(page, Outage):
            return page
        found, unreadable = [], []
        for stored in page.records:
            view = _view(stored)
            if view is None:
                unreadable.append(stored.name)
            else:
                found.append(view)
        last = page.records[-1].name if page.records else ""
        return RevocationPage(tuple(found), page.more, last, tuple(unreadable))

    async def lift(self, name: str) -> bool | Conflict | Outage:
        """Take a revocation away, by its record's name; whether there was one."""
        return await self.store.delete("revocation", name, None)


def _problem(subject: Subject, before: int | None, until: int, now: int) -> Problem | None:
    if not now < until <= now + LONGEST_LIFE:
        return Problem("expires_invalid", "expires")
    if before is None:
        return Problem("before_invalid", "issued_before", "needed_for_an_issuer") if subject.what == "issuer" else None
    if subject.what == "jti":
        return Problem("before_invalid", "issued_before", "not_for_one_token")
    if not 0 <= before <= now // SECOND + AHEAD_SECONDS:
        return Problem("before_invalid", "issued_before", "in_the_future")
    return None


def _widened(record: RevocationRecord, until: int, there: Stored | None) -> tuple[RevocationRecord, int]:
    """Two who take back the same at once both have their way."""
    if there is None:
        return record, until
    try:
        old = read_revocation(there.content)
    except RecordUnreadable:
        return record, until
    before = None if old.before is None or record.before is None else max(old.before, record.before)
    return RevocationRecord(before, record.created), max(until, there.expires) if there.expires else until


def _view(stored: Stored) -> RevocationView | None:
    subject = parse_revocation_name(stored.name)
    if subject is None:
        return None
    try:
        record = read_revocation(stored.content)
    except RecordUnreadable:
        return None
    return RevocationView(stored.name, subject, record, stored.version, stored.expires)
