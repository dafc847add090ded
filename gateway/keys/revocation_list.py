"""The revocations of a store, all of them, in memory: so that no request waits for one and none is overlooked.

Law of this file: who cannot be cleared is not cleared. Before the list was loaded, when it has not been confirmed for too
long, while what changed about a subject is being asked for, and where the store says what cannot be understood, the
answer is an outage. A revocation whose name can be read and whose content cannot takes back all that its subject has.
"""

import asyncio
from collections.abc import Iterable, Sequence

from gateway.keys.names import Subject, parse_revocation_name, revocation_name
from gateway.keys.port import Epochs, Vouches
from gateway.keys.records import RecordUnreadable, read_revocation
from gateway.message.ports import OUTAGE, Clock, Outage
from gateway.records.port import Change, RecordStore, Stored

SECOND = 1_000_000
DEFAULT_STALE = 3_600 * SECOND
DEFAULT_MOST = 200_000
PAGE = 200
"""Records read in one turn of the loop: about two milliseconds of work."""
ASKED_AT_ONCE = 64
RETRY_SECONDS = 0.2
UNREADABLE_RETRY_SECONDS = 5.0

EVERYTHING = 2**62
"""``before`` of a revocation of all that a subject has."""

_Held = tuple[int, int]
"""(before, expires): a tuple of atoms, which costs the garbage collector nothing."""


class RevocationList:
    """Revocations of a store. ``elapsed``: microseconds on a clock that never goes back, by which the list is confirmed: a
    wall clock that is set would put it in doubt, or keep it from being so. ``most`` bounds them in memory; ``stale`` is how
    long, in microseconds, an unconfirmed list is believed. ``reason`` is a stable word for why there is no list now, or "".

    ``keep`` loads and follows, ``sweep`` is to be called each second. It is one of the feed's listeners; ``follow_by`` names
    the feed, which confirms the list while it is live. A list that nobody confirms is loaded anew after half of ``stale``.
    """

    def __init__(
        self, store: RecordStore, epochs: Epochs, elapsed: Clock, most: int = DEFAULT_MOST, stale: int = DEFAULT_STALE
    ) -> None:
        self.most = most
        self.reason = "not_loaded"
        self.loads = 0
        self._store = store
        self._epochs = epochs
        self._elapsed = elapsed
        self._stale = stale
        self._held: dict[str, _Held] = {}
        self._pending: dict[str, int] = {}
        self._told = 0
        self._confirmed = 0
        self._doubt = True
        self._was_stale = True
        self._wake = asyncio.Event()
        self._hand: list[str] = []
        self._feed: Vouches | None = None

    def follow_by(self, feed: Vouches) -> None:
        """Take this feed's silence about a revocation for its word that there was none, while it is live."""
        self._feed = feed

    def __len__(self) -> int:
        return len(self._held)

    @property
    def doubtful(self) -> bool:
        """Whether the list is to be loaded anew."""
        return self._doubt

    def revoked(self, issuer: str, identity: bytes, jti: bytes | None, issued: int | None, now: int) -> bool | Outage:
        """Whether the token was taken back; see the port."""
        if self.reason or self._elapsed() >= self._confirmed + self._stale:
            return OUTAGE
        if not self._held and not self._pending:
            return False
        names = [revocation_name(Subject("identity", "", identity)), revocation_name(Subject("issuer", issuer, b""))]
        if jti is not None:
            names.append(revocation_name(Subject("jti", issuer, jti)))
        if not self._pending.keys().isdisjoint(names):
            return OUTAGE
        for name in names:
            held = self._held.get(name)
            if held is not None and _ends_later(held, now) and (issued is None or issued < held[0]):
                return True
        return False

    def changed(self, changes: Sequence[Change]) -> None:
        """The feed's word: these have another version, and all else has not."""
        if not self._doubt:
            self._confirmed = self._elapsed()
        self._await_word_of(change.name for change in changes if change.kind == "revocation")

    def doubted(self) -> None:
        """The feed lost the thread: load anew. What is known stands meanwhile, and nothing confirms it."""
        self._doubt = True
        self._wake.set()

    async def keep(self) -> None:
        """Load the list and keep it, until cancelled."""
        while True:
            if self._doubt or self._elapsed() >= self._confirmed + self._stale // 2:
                if not await self.load():
                    await asyncio.sleep(UNREADABLE_RETRY_SECONDS if self.reason in _UNREADABLE else RETRY_SECONDS)
            elif self._pending:
                if not await self.catch_up():
                    await asyncio.sleep(RETRY_SECONDS)
            else:
                await self._rest()

    async def load(self) -> bool:
        """Read the whole list; False where the store did not answer, or not so that it could be understood."""
        self._doubt = False
        begun = self._elapsed()
        held: dict[str, _Held] = {}
        after, more, reason = "", True, ""
        while more and not reason:
            page = await self._store.page("revocation", "", after, PAGE)
            if isinstance(page, Outage):
                self._doubt = True
                return False
            if not all(_hold(held, stored) for stored in page.records):
                reason = "revocation_unreadable"
            elif len(held) > self.most + self.most // 20:
                # More than the admin API makes, also where several gateways make them at once
                reason = "too_many_revocations"
            more = page.more and bool(page.records)
            after = page.records[-1].name if page.records else after
            await asyncio.sleep(0)
        self.reason = reason
        self._doubt = self._doubt or bool(reason)
        if not reason:
            self._held, self._confirmed = held, max(self._confirmed, begun)
            self._was_stale = False
            self.loads += 1
        self._epochs.bump()
        return not reason

    async def catch_up(self) -> bool:
        """Ask for the revocations that changed; False where the store did not answer."""
        names = list(self._pending.items())[:ASKED_AT_ONCE]
        answers = await asyncio.gather(*(self._store.get("revocation", name) for name, _ in names))
        for (name, told), answer in zip(names, answers, strict=True):
            if isinstance(answer, Outage):
                continue
            if answer is None:
                self._held.pop(name, None)
            else:
                _hold(self._held, answer)
            if self._pending.get(name) == told:  # else it changed again while it was asked for
                del self._pending[name]
        if len(self._held) > self.most + self.most // 20:
            self.reason = "too_many_revocations"
            self._doubt = True
        self._epochs.bump()
        return not any(isinstance(answer, Outage) for answer in answers)

    def live(self, now: int) -> int:
        """How many have not ended."""
        return sum(_ends_later(held, now) for held in self._held.values())

    def sweep(self, now: int, steps: int = 4_096) -> None:
        """Note that the feed vouches for the list; begin an epoch when it has become stale; let go of some that have ended."""
        if self._feed is not None and self._feed.live and not self._doubt:
            self._confirmed = self._elapsed()
        stale = self._elapsed() >= self._confirmed + self._stale
        if stale and not self._was_stale:
            self._epochs.bump()
        self._was_stale = stale
        if not self._hand:
            self._hand = list(self._held)
        for _ in range(min(steps, len(self._hand))):
            name = self._hand.pop()
            held = self._held.get(name)
            if held is not None and not _ends_later(held, now):
                del self._held[name]

    def _await_word_of(self, names: Iterable[str]) -> None:
        told = self._told
        for name in names:
            self._told += 1
            if parse_revocation_name(name) is None:
                self.reason, self._doubt = "revocation_unreadable", True
            else:
                self._pending[name] = self._told
        if self._told != told:
            self._epochs.bump()
            self._wake.set()

    async def _rest(self) -> None:
        """Until there is something to do, and at the longest until somebody should look at the list's age."""
        self._wake.clear()
        try:
            async with asyncio.timeout(min(self._stale / 4 / SECOND, 60.0)):
                await self._wake.wait()
        except TimeoutError:
            return


_UNREADABLE = frozenset(("revocation_unreadable", "too_many_revocations"))


def _ends_later(held: _Held, now: int) -> bool:
    return not held[1] or now < held[1]


def _hold(held: dict[str, _Held], stored: Stored) -> bool:
    """Take a record into the list; False where its name is none that could be looked up."""
    if parse_revocation_name(stored.name) is None:
        return False
    try:
        before = read_revocation(stored.content).before
    except RecordUnreadable:
        before = None
    held[stored.name] = (EVERYTHING if before is None else before, stored.expires)
    return True
