"""Operators on policies and limits: one more, one fewer, none."""

from collections.abc import Iterator

from policylang.mutation.mutant import Edit, Mutant, without
from policylang.mutation.written import Written
from policylang.syntax import nodes


def change_amounts(written: Written) -> Iterator[Mutant]:
    """A rate, a burst, a quota or a concurrency by one, up and down."""
    for item in written.items():
        match item:
            case nodes.Policy(name=name, fields=found):
                for field in found:
                    if not isinstance(field, nodes.Grants):
                        yield from _amount(f"policy {name.text}", field)
            case nodes.Limit(name=name, amount=amount):
                yield from _amount(f"limit {name.text}", amount)


def _amount(owner: str, amount: nodes.Rate | nodes.Quota | nodes.Concurrency) -> Iterator[Mutant]:
    if isinstance(amount, nodes.Concurrency):
        hint = f"Hold all but one of the slots of {owner}: the next request is allowed; hold all, and it is not."
        yield from _by_one("change_concurrency", amount, amount.count, hint)
        return
    if isinstance(amount, nodes.Quota):
        if amount.count is not None:
            hint = f"Use up all but one of the quota of {owner}: the next request is allowed, the one after it is not."
            yield from _by_one("change_quota", amount, amount.count, hint)
        return
    hint = f"Use up the burst of {owner}, then send one more request at once: it is refused."
    yield from _by_one("change_burst", amount, amount.burst, hint)
    hint = (
        f"Use up the burst of {owner}: just when the rate gives one request back it is allowed, just before it is not."
    )
    yield from _by_one("change_rate", amount, amount.count, hint)


def _by_one(
    operator: str, amount: nodes.Rate | nodes.Quota | nodes.Concurrency, number: nodes.Int, hint: str
) -> Iterator[Mutant]:
    for step in (1, -1):
        if number.value + step > 0:
            edit = Edit(number.span, str(number.value + step))
            yield Mutant(operator, number.span, amount.span, (edit,), hint)


def drop_grants(written: Written) -> Iterator[Mutant]:
    """A policy that grants one thing fewer."""
    for item in written.items():
        for field in item.fields if isinstance(item, nodes.Policy) else ():
            if isinstance(field, nodes.Grants):
                spans = [value.span for value in field.values]
                for index, value in enumerate(field.values):
                    edit = without(spans, index) if len(spans) > 1 else Edit(field.span, "")
                    hint = f"Send a request that only a grant of {written.text(value.span)} allows."
                    yield Mutant("drop_grant", value.span, field.span, (edit,), hint)


def drop_limits(written: Written) -> Iterator[Mutant]:
    """No such limit."""
    for item in written.items():
        if isinstance(item, nodes.Limit):
            hint = f"Send one request more than limit {item.name.text} admits."
            yield Mutant("drop_limit", item.span, item.span, (Edit(item.span, ""),), hint)
