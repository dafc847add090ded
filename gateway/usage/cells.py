"""Cells that wait to be handed to a store: bounded in number, and nothing that was counted is ever dropped.

What does not fit loses detail: an hour's identities become one, OTHERS, the oldest hour first; in an outage that goes on,
its policies and routes become OTHER_NAME as well.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from gateway.message.record import Record
from gateway.usage.counters import count, merge
from gateway.usage.periods import HOUR
from gateway.usage.port import ANONYMOUS, OTHER_NAME, OTHERS, Cell

FOLDED_AT_ONCE = 256
"""Cells that lose detail in one go: requests are waiting."""
MERGED_AT_MOST = 256
"""Combinations of several policies that an hour may have names for."""

Place = tuple[bytes, str, str]


class Detail(IntEnum):
    """What an hour's cells still tell apart."""

    ALL = 0
    PLACES = 1
    NOTHING = 2


@dataclass(slots=True)
class _Hour:
    """``cells`` are those that are counted in; ``before`` those that had more detail and are still to be folded."""

    cells: dict[Place, dict[str, int]] = field(default_factory=dict)
    before: dict[Place, dict[str, int]] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    detail: Detail = Detail.ALL


class Cells:
    """Sums by hour, identity, policy and route. ``folded`` counts the requests whose identity went to OTHERS."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._hours: dict[int, _Hour] = {}
        self._size = 0
        self._settled = -1
        self.folded = 0

    def __len__(self) -> int:
        return self._size

    @property
    def requests(self) -> int:
        """The requests in all cells."""
        every = (part for hour in self._hours.values() for part in (hour.cells, hour.before))
        return sum(counts["n"] for part in every for counts in part.values())

    def add(self, record: Record) -> None:
        """Count a finished request in the hour in which it began."""
        start = record.started - record.started % HOUR
        hour = self._hours.get(start)
        if hour is None:
            hour = self._hours[start] = _Hour()
            self._settled = -1
        names = record.plan
        route = names.routes[record.route] if names is not None and record.route >= 0 else ""
        policy = _policy(record, hour) if record.policies else ""
        place = (record.identity, policy, route)
        if hour.detail:
            place = _at(hour.detail, place)
        if place not in hour.cells:
            place = self._placed(start, hour, place)
        if place[0] == OTHERS:
            self.folded += 1
        count(hour.cells[place], record)

    def take(self, most: int) -> tuple[Cell, ...]:
        """Remove up to ``most`` cells, of the oldest hours first."""
        taken: list[Cell] = []
        for start in sorted(self._hours):
            hour = self._hours[start]
            for part in (hour.before, hour.cells):
                while part and len(taken) < most:
                    place, counts = part.popitem()
                    taken.append(Cell(start, *place, counts))
            if hour.before or hour.cells:
                break
            del self._hours[start]
        self._size -= len(taken)
        self._settled = -1
        return tuple(taken)

    def _placed(self, start: int, hour: _Hour, place: Place) -> Place:
        """Where to count what has no cell: in a new one while there is room, and else in one with less detail."""
        if self._size >= self._most:
            self._make_room(start)
        detail = hour.detail
        if self._size >= self._most:
            detail = Detail.PLACES if self._size < 2 * self._most else Detail.NOTHING
        place = _at(detail, place)
        if place not in hour.cells:
            hour.cells[place] = {}
            self._size += 1
        return place

    def _make_room(self, now: int) -> None:
        """Fold hours before this one, the oldest first, until there is room or this turn has done enough."""
        if self._settled >= now:
            return
        older = sorted(start for start in self._hours if start < now)
        left = FOLDED_AT_ONCE
        for detail in (Detail.PLACES, Detail.NOTHING):
            for start in older:
                if self._size < self._most or left <= 0:
                    return
                left -= self._fold(self._hours[start], detail, left)
        if self._size >= self._most and left > 0:
            self._settled = now

    def _fold(self, hour: _Hour, detail: Detail, most: int) -> int:
        """Fold up to so many cells of an hour; how many were."""
        if hour.detail < detail:
            hour.before.update(hour.cells)
            hour.cells, hour.detail = {}, detail
        folded = min(most, len(hour.before))
        for _ in range(folded):
            place, counts = hour.before.popitem()
            if place[0] not in {ANONYMOUS, OTHERS}:
                self.folded += counts["n"]
            into = _at(hour.detail, place)
            if into in hour.cells:
                merge(hour.cells[into], counts)
                self._size -= 1
            else:
                hour.cells[into] = counts
        return folded


def _policy(record: Record, hour: _Hour) -> str:
    names = record.plan
    if names is None:
        return ""
    if len(record.policies) == 1:
        return names.policies[record.policies[0]]
    merged = "+".join([names.policies[policy] for policy in record.policies])
    if merged not in hour.merged:
        if len(hour.merged) >= MERGED_AT_MOST:
            return OTHER_NAME
        hour.merged.add(merged)
    return merged


def _at(detail: Detail, place: Place) -> Place:
    """The place as far as this detail tells places apart. Nobody is no identity, and stays what it is."""
    identity, policy, route = place
    if detail is Detail.ALL:
        return place
    hidden = identity if identity == ANONYMOUS else OTHERS
    return (hidden, policy, route) if detail is Detail.PLACES else (hidden, OTHER_NAME, OTHER_NAME)
