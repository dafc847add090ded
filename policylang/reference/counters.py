"""Limits: what a request is charged with, and counters that admit it or not, in exact fractions and local dates."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from policylang.check.model import CheckedModule, Concurrency, Limit, Policy, Quota, Rate
from policylang.reference.encode import lettered, parts
from policylang.reference.evaluate import reference
from policylang.reference.policies import fastest, roomiest, widest
from policylang.reference.values import Facts, Mark, StuckError
from policylang.runtime.decision import ChargeRecord

Amount = Rate | Quota | Concurrency
Charge = tuple[ChargeRecord, Amount]
Window = tuple[int, ...]


def charges(
    module: CheckedModule, route: str, policies: tuple[Policy, ...], identity: bytes, facts: Facts
) -> list[Charge]:
    """What a request is charged with: the policy's rate, quota and concurrency, then the limits by name."""
    found: list[Charge] = []
    by_rate, by_quota, by_slots = fastest(policies), roomiest(policies), widest(policies)
    if by_rate is not None and by_rate.rate is not None:
        found.append(_charge(f"policy:{by_rate.name}:rate", b"i" + identity, by_rate.rate))
    if by_quota is not None and by_quota.quota is not None and by_quota.quota.count is not None:
        found.append(_charge(f"policy:{by_quota.name}:quota", b"i" + identity, by_quota.quota))
    if by_slots is not None and by_slots.concurrency is not None:
        found.append(_charge(f"policy:{by_slots.name}:concurrency", b"i" + identity, by_slots.concurrency))
    for limit in sorted(module.limits, key=lambda limit: limit.name):
        unlimited = isinstance(limit.amount, Quota) and limit.amount.count is None
        if route in limit.routes and not unlimited:
            found.append(_charge(limit.name, _counted(limit, route, identity, facts), limit.amount))
    return found


def _counted(limit: Limit, route: str, identity: bytes, facts: Facts) -> bytes:
    if limit.key == "identity":
        return b"i" + identity
    if limit.key == "route":
        return b"r" + route.encode()
    value = reference(limit.key, facts)
    if isinstance(value, Mark):
        raise StuckError(f"nothing to count {limit.name} by")
    return lettered(value)


def _charge(name: str, counted: bytes, amount: Amount) -> Charge:
    return ChargeRecord(name, parts(name.encode(), counted).hex(), _figures(amount)), amount


def _figures(amount: Amount) -> tuple[str | int | None, ...]:
    if isinstance(amount, Rate):
        return "rate", amount.count, amount.per_micros, amount.burst
    if isinstance(amount, Concurrency):
        return "concurrent", amount.count, amount.hold_micros
    lease = [amount.lease] if amount.lease else []
    if isinstance(amount.period, int):
        return "quota", amount.count, "anchored", amount.period, "", *lease
    return "quota", amount.count, amount.period, 0, amount.zone or "UTC", *lease


def _amount(record: ChargeRecord) -> Amount:
    """The amount of a charge, from its figures; a lease changes nothing here, where nothing is shared."""
    kind, count, second, *rest = record.amount
    if kind == "concurrent":
        return Concurrency(count, second)
    if kind == "rate":
        return Rate(count, second, rest[0])
    return Quota(count, rest[0], None) if second == "anchored" else Quota(count, second, rest[1])


@dataclass
class Counters:
    """What has been used, by counter key. ``arrivals`` are theoretical arrival times in microseconds (GCRA).

    ``ends`` are the instants at which slots that are held come free. A request that was asked is over at once, and holds
    none.
    """

    arrivals: dict[str, Fraction] = field(default_factory=dict)
    windows: dict[str, tuple[Window, int]] = field(default_factory=dict)
    ends: dict[str, list[int]] = field(default_factory=dict)

    def step(self, asked: list[Charge], now: int) -> list[ChargeRecord]:
        """Charge everything and return nothing; or charge nothing and return what refuses."""
        refusing = [record for record, amount in asked if not self._admits(record.key, amount, now)]
        if not refusing:
            for record, amount in asked:
                self._take(record.key, amount, now)
        return refusing

    def put(self, record: ChargeRecord, used: int, now: int) -> None:
        """Let a counter stand as if ``used`` requests had been admitted at ``now``, and none before."""
        amount = _amount(record)
        if isinstance(amount, Rate):
            self.arrivals[record.key] = now + used * Fraction(amount.per_micros, amount.count)
        elif isinstance(amount, Concurrency):
            self.ends[record.key] = [now + amount.hold_micros] * used
        else:
            window = (now,) if isinstance(amount.period, int) else calendar_window(amount, now)
            self.windows[record.key] = (window, used)

    def left(self, record: ChargeRecord, now: int) -> int:
        """How many requests a counter would let through at ``now``."""
        amount = _amount(record)
        if isinstance(amount, Quota):
            return max(0, (amount.count or 0) - self._standing(record.key, amount, now)[1])
        if isinstance(amount, Concurrency):
            return max(0, amount.count - self._held(record.key, now))
        interval = Fraction(amount.per_micros, amount.count)
        ahead = max(Fraction(0), self.arrivals.get(record.key, Fraction(now)) - now)
        return max(0, floor(amount.burst - ahead / interval))

    def _held(self, key: str, now: int) -> int:
        return sum(end > now for end in self.ends.get(key, []))

    def _admits(self, key: str, amount: Amount, now: int) -> bool:
        if isinstance(amount, Concurrency):
            return self._held(key, now) < amount.count
        if isinstance(amount, Rate):
            interval = Fraction(amount.per_micros, amount.count)
            return self.arrivals.get(key, Fraction(now)) - now <= (amount.burst - 1) * interval
        return amount.count is not None and self._standing(key, amount, now)[1] < amount.count

    def _take(self, key: str, amount: Amount, now: int) -> None:
        if isinstance(amount, Rate):
            arrival = max(self.arrivals.get(key, Fraction(now)), Fraction(now))
            self.arrivals[key] = arrival + Fraction(amount.per_micros, amount.count)
        elif isinstance(amount, Quota):
            window, used = self._standing(key, amount, now)
            self.windows[key] = (window, used + 1)

    def _standing(self, key: str, quota: Quota, now: int) -> tuple[Window, int]:
        """The window that ``now`` counts in, never one before the latest seen, and what was used in it."""
        seen = self.windows.get(key)
        if isinstance(quota.period, int):
            open_still = seen is not None and now < seen[0][0] + quota.period
            return seen if seen is not None and open_still else ((now,), 0)
        window = calendar_window(quota, now)
        return seen if seen is not None and seen[0] >= window else (window, 0)


def calendar_window(quota: Quota, now: int) -> Window:
    """The local day, ISO 8601 week or month of an instant, as numbers in order."""
    local = datetime.fromtimestamp(now // 1_000_000, UTC).astimezone(ZoneInfo(quota.zone or "UTC"))
    match quota.period:
        case "day":
            return local.year, local.month, local.day
        case "week":
            return local.isocalendar()[:2]
        case _:
            return local.year, local.month
