"""The requests of a test, and the counters that it speaks of."""

import ipaddress

from policylang.check import errors_expected, errors_names
from policylang.check import errors_tests as errors
from policylang.check.bounds import number
from policylang.check.fields import distinct
from policylang.check.ground import Ground
from policylang.check.header_names import fold, spelling
from policylang.syntax import nodes
from policylang.syntax import nodes_test as ast

_OWN_STEP = {
    "host": 'the host is said by `host "…"`',
    "authorization": "the credential is given by a `token` step",
}


def check_request(step: ast.RequestStep, ground: Ground) -> None:
    """A request that can be sent, or refused for what it says: but not one that no client could write down."""
    sink = ground.sink
    if isinstance(step.target, nodes.Str):
        target = step.target.value
        if not target or not target.isascii() or not target.isprintable() or " " in target:
            reason = "has a blank or a character beyond ASCII"
            sink.add(errors.request_unsendable("the target", reason, step.target.span))
    distinct("part", [part for part in step.parts if part.kind != "header"], lambda part: part.kind, sink)
    for part in step.parts:
        _part(part, ground)


def _part(part: ast.RequestPart, ground: Ground) -> None:
    if not isinstance(part.value, nodes.Str):
        return
    text, span = part.value.value, part.value.span
    match part.kind:
        case "from" | "peer" if not _is_address(text):
            ground.sink.add(errors.request_unsendable("the peer", "is no IP address", span))
        case "host" | "header" if not all(c.isprintable() or c == "\t" for c in text):
            ground.sink.add(errors.request_unsendable(f"this {part.kind}", "has a control character", span))
    if part.header is not None:
        credentials = {i.credential.name for i in ground.issuers.values() if i.credential.kind == "header"}
        folded = fold(spelling(part.header))
        reason = _OWN_STEP.get(folded)
        if folded in {fold(name) for name in credentials}:
            reason = _OWN_STEP["authorization"]
        if reason is not None:
            ground.sink.add(errors.request_unsendable("a header", f"cannot say this: {reason}", part.header.span))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


_FIELDS = {"rate": nodes.Rate, "quota": nodes.Quota, "concurrent": nodes.Concurrency}
"""For the word of a policy's counter, what declares it."""


def check_used(count: nodes.Int | ast.RowRef, counter: ast.Counter, ground: Ground) -> None:
    """A counter that is declared, and a number that it can stand at."""
    most = capacity(counter, ground)
    if most is not None and isinstance(count, nodes.Int):
        number(f"what is counted by `{counter_text(counter)}`", count, 0, most, ground.sink)


def counter_text(counter: ast.Counter) -> str:
    """A counter as it is written."""
    name = counter.name.text
    return f"limit {name}" if counter.kind == "limit" else f"{name} {counter.kind}"


def capacity(counter: ast.Counter, ground: Ground) -> int | None:
    """What a counter holds: the burst of a rate, the count of a quota or a concurrency; None after a complaint."""
    name, symbols, sink = counter.name, ground.symbols, ground.sink
    if counter.kind == "limit":
        limit = symbols.limits.get(name.text)
        if limit is None:
            near = symbols.guess(name.text, symbols.limits)
            sink.add(errors_names.unknown_name("limit", name.text, name.span, near))
            return None
        return _holds(limit.amount)
    policy = symbols.policies.get(name.text)
    if policy is None:
        near = symbols.guess(name.text, symbols.policies)
        sink.add(errors_names.unknown_name("policy", name.text, name.span, near))
        return None
    amounts = [field for field in policy.fields if isinstance(field, _FIELDS[counter.kind])]
    held = _holds(amounts[0]) if amounts else None
    if held is None:
        sink.add(errors_expected.counter_missing(name.text, counter.kind, counter.span))
    return held


def _holds(amount: nodes.Rate | nodes.Quota | nodes.Concurrency | nodes.Grants) -> int | None:
    match amount:
        case nodes.Rate(burst=burst):
            return burst.value
        case nodes.Quota(count=count):
            return None if count is None else count.value
        case nodes.Concurrency(count=slots):
            return slots.value
        case _:
            return None
