"""What a durable counter promises ahead: the state that is written before the admissions that use it are answered.

A *promise* is a state as the file has it. It *covers* a counter that is not beyond it. It is ahead by a *block*, so that
the usual admission waits for no write.
A *brief* limit is one whose whole state is over within ``BRIEF_MICROS``, however much was spent. Its counters have one
promise in common: the instant until which admissions may have been answered. After a kill each of them counts as spent
at that instant. That a restart takes longer than that is never assumed.

Law of this file: pure functions; a promise is never below the state that it was made of.
"""

from policylang.embed import ConcurrencyState, QuotaState, RateState, State, plan_model

Durable = plan_model.Rate | plan_model.Quota

BRIEF_MICROS = 2_000_000

SHARE = 100
MOST = 1_000


def is_brief(amount: Durable) -> bool:
    """Whether a counter of this limit says nothing any more ``BRIEF_MICROS`` after its last admission."""
    if isinstance(amount, plan_model.Rate):
        return amount.burst * amount.per_micros <= amount.count * BRIEF_MICROS
    return amount.window in {None, "anchored"} and amount.micros <= BRIEF_MICROS


def block(amount: Durable) -> int:
    """How many admissions a promise is ahead: what a kill forfeits of a counter, at the most.

    Of a quota one in a hundred, of a rate half the burst; between 1 and 1,000.

    >>> block(plan_model.Quota(5_000, "day", 0, "UTC")), block(plan_model.Rate(100, 60_000_000, 20))
    (50, 10)
    """
    share = amount.burst // 2 if isinstance(amount, plan_model.Rate) else (amount.count or 0) // SHARE
    return max(1, min(MOST, share))


def promise(state: State, amount: Durable) -> State:
    """What to write so that a block of admissions after ``state`` is covered."""
    return further(state, amount, block(amount))


def further(state: State, amount: Durable, admissions: int) -> State:
    """The state after so many further admissions at once. Of a quota never more than its count."""
    if isinstance(state, RateState) and isinstance(amount, plan_model.Rate):
        return RateState(state.arrival + admissions * amount.per_micros, state.scale)
    if isinstance(state, QuotaState) and isinstance(amount, plan_model.Quota):
        return state._replace(used=max(state.used, min(amount.count or 0, state.used + admissions)))
    return state


def covers(promised: State | None, state: State) -> bool:
    """Whether every admission in ``state`` is in what was promised: the same window, and no more than that."""
    if isinstance(state, RateState):
        return isinstance(promised, RateState) and state.arrival * promised.scale <= promised.arrival * state.scale
    if not isinstance(promised, QuotaState) or not isinstance(state, QuotaState):
        return False
    return state.used <= promised.used and state.end == promised.end and state.start == promised.start


def half_spent(promised: State | None, state: State, amount: Durable) -> bool:
    """Whether less than half a block is left, so that the next one is to be asked for."""
    half = block(amount) // 2
    if isinstance(state, RateState) and isinstance(promised, RateState) and isinstance(amount, plan_model.Rate):
        return promised.scale != state.scale or promised.arrival - state.arrival <= half * amount.per_micros
    if isinstance(state, QuotaState) and isinstance(promised, QuotaState) and isinstance(amount, plan_model.Quota):
        return promised.used - state.used <= half and promised.used < (amount.count or 0)
    return True


def spent(amount: Durable, at: int) -> State:
    """The state of a counter of which everything was spent at ``at``, microseconds since 1970."""
    if isinstance(amount, plan_model.Rate):
        return RateState(at * amount.count + amount.burst * amount.per_micros, amount.count)
    return QuotaState(at, at + amount.micros, amount.count or 0)


def given_back(now_is: State | None, before: State | None, after: State) -> State | None:
    """A counter without one charge that took it from ``before`` to ``after`` and was not answered.

    Exact for the last charge, for quotas and for slots. A rate that was charged since keeps it: what flowed in meanwhile may
    depend on it, and giving back too much would admit above the limit.
    """
    if now_is == after:
        return before
    if isinstance(now_is, QuotaState) and isinstance(after, QuotaState) and now_is[:2] == after[:2]:
        return now_is._replace(used=now_is.used - 1)
    if isinstance(now_is, ConcurrencyState) and isinstance(after, ConcurrencyState):
        taken = set(after.held).difference(before.held if isinstance(before, ConcurrencyState) else ())
        return ConcurrencyState(tuple(slot for slot in now_is.held if slot not in taken))
    return now_is
