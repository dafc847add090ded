"""The key sets of every issuer of the plan in force: made, shared, kept fresh, and reported on.

Law of this file: no keys, no access. What cannot be read or is missing leaves a holder without keys and a reason in its
status; there is no other key to fall back to.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from weakref import WeakValueDictionary

from gateway.authn import key_set
from gateway.authn.epoch import Epoch
from gateway.authn.key_fetch import KeyFetcher, KeyPlace
from gateway.authn.key_holder import KeyCounters, KeyHolder
from gateway.authn.key_set import DEFAULT_TIMING, KeyTiming, Phase
from gateway.authn.key_text import inline_key_set, secret_key_set
from gateway.authn.keys import KeyRefused, KeySet
from gateway.message.ports import Clock
from policylang.embed import plan_model

TICK_SECONDS = 0.5

KEYRING = "keyring"
"""The kind of key source that is no key set: access keys in the store."""

_Id = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """How one key set stands. ``usable``: keys that may verify now; ``reason``: why the last attempt failed, or "".

    A keyring is ``kept`` in the store: nothing is fetched, and its keys are not counted.
    """

    issuers: tuple[str, ...]
    kind: str
    phase: Phase | Literal["kept"]
    usable: int
    skipped: int
    reason: str


class KeySets:
    """Holders by where the keys come from: issuers with the same source share one, and its cool-down."""

    def __init__(
        self, fetcher: KeyFetcher, clock: Clock, epoch: Epoch | None = None, timing: KeyTiming = DEFAULT_TIMING
    ) -> None:
        self.epoch = epoch or Epoch()
        self.counters = KeyCounters()
        self._fetcher = fetcher
        self._clock = clock
        self._timing = timing
        self._secrets: Mapping[str, str] = {}
        self._holders: dict[_Id, KeyHolder] = {}
        # Of those let go: a plan that comes back must not find a second holder beside the one its trust was prepared with
        self._known: WeakValueDictionary[_Id, KeyHolder] = WeakValueDictionary()
        self._names: dict[_Id, tuple[str, ...]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def configure(self, issuers: Sequence[plan_model.Issuer], secrets: Mapping[str, str]) -> None:
        """Take up the issuers of a plan and the secrets of the settings. What stays the same keeps its keys.

        Sources that the plan no longer names are let go: requests under the old plan finish with the keys they have.
        """
        self._secrets = secrets
        names: dict[_Id, list[str]] = {}
        for issuer in issuers:
            names.setdefault(_id(issuer.keys), []).append(issuer.name)
        self._names = {ident: tuple(sorted(found)) for ident, found in names.items()}
        self._holders = {ident: holder for ident, holder in self._holders.items() if ident in names}
        for issuer in issuers:
            if issuer.keys.kind == KEYRING:
                continue
            holder = self.holder(issuer)
            if holder.place is None:
                holder.fix(*self._read(issuer.keys))
        self.epoch.bump()

    def holder(self, issuer: plan_model.Issuer) -> KeyHolder:
        """The holder of an issuer's keys; made at its first use. An issuer whose keys are in a keyring has none: ValueError."""
        ident = _id(issuer.keys)
        holder = self._holders.get(ident) or self._known.get(ident)
        if holder is None:
            place = _place(issuer.keys)
            holder = KeyHolder(place, self._fetcher, self._clock, self.epoch, self.counters, self._timing)
            if place is None:
                holder.fix(*self._read(issuer.keys))
            self._known[ident] = holder
        self._holders[ident] = holder
        return holder

    async def start(self) -> None:
        """Begin to fetch what is configured, and keep it fresh until ``stop``."""
        self._tick_on(asyncio.get_running_loop())

    async def stop(self) -> None:
        """End every fetch and release everybody who waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await asyncio.gather(*(holder.stop() for holder in self._known.values()))

    def tick(self) -> None:
        """Begin what is due. ``start`` calls it twice a second; a test calls it by hand."""
        now = self._clock()
        for holder in self._holders.values():
            holder.tick(now)

    def status(self) -> tuple[KeyStatus, ...]:
        """One status for each source of the plan in force, by its first issuer's name."""
        now = self._clock()
        return tuple(
            sorted((self._status(ident, now) for ident in self._names), key=lambda status: status.issuers),
        )

    def ready(self) -> bool:
        """Has every source keys that may verify? A keyring may be empty."""
        return all(status.usable or status.kind == KEYRING for status in self.status())

    def _status(self, ident: _Id, now: int) -> KeyStatus:
        if ident[0] == KEYRING:
            return KeyStatus(self._names[ident], KEYRING, "kept", 0, 0, "")
        holder = self._holders[ident]
        keys = holder.usable(now)
        phase = key_set.phase(holder.state, now)
        if keys is None and holder.place is None:
            phase = "failed"
        usable, skipped = (len(keys.keys), keys.skipped) if keys else (0, 0)
        return KeyStatus(self._names[ident], ident[0], phase, usable, skipped, holder.reason)

    def _read(self, source: plan_model.Keys) -> tuple[KeySet | None, str]:
        """Fixed keys, or none and why."""
        try:
            if source.kind == "inline":
                keys = inline_key_set(source.value)
            elif source.value in self._secrets:
                keys = secret_key_set(self._secrets[source.value])
            else:
                return None, "secret_missing"
        except KeyRefused as refused:
            return None, refused.reason
        return (keys, "") if keys.keys else (None, "no_usable_key")

    def _tick_on(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self.tick()
        finally:
            # Whatever a tick met, the loop reports it and the next one comes: keys that are never refreshed again
            # would be believed long after they were withdrawn.
            self._timer = loop.call_later(TICK_SECONDS, self._tick_on, loop)


def _id(source: plan_model.Keys) -> _Id:
    return source.kind, source.value


def _place(source: plan_model.Keys) -> KeyPlace | None:
    """Where keys are fetched from; None for those that stand in the plan or in the settings."""
    match source.kind:
        case "url" | "discovered":
            return KeyPlace(source.kind, source.value)
        case "inline" | "secret":
            return None
        case "keyring":
            raise ValueError("a keyring has no key set")
