"""Decisions and values in the words of a test, so that what was expected and what came can be laid side by side."""

from collections.abc import Iterable
from dataclasses import fields

from policylang.check.wording import quoted
from policylang.runtime.decision import Decision

_POLICY = "policy:"


def decision_words(decision: Decision) -> str:
    """As an ``expect`` would say it.

    >>> decision_words(Decision("no_allow", 403))
    'deny 403 as no_allow'
    """
    by = f" by {', '.join(deciders(decision))}" if deciders(decision) else ""
    return f"allow{by}" if decision.kind == "allow" else f"deny {decision.status} as {decision.kind}{by}"


def deciders(decision: Decision) -> tuple[str, ...]:
    """Whom a decision is by: a rule, the rules without an answer, or whose limit refuses."""
    if decision.kind == "limited":
        return tuple(dict.fromkeys(owner(charge.limit) for charge in decision.charges))
    found = (decision.rule,) if decision.rule is not None else ()
    return tuple(dict.fromkeys((*found, *decision.faults)))


def owner(limit: str) -> str:
    """The limit, or the policy, that a charge belongs to.

    >>> owner("policy:free:rate"), owner("shared")
    ('free', 'shared')
    """
    return limit.split(":")[1] if limit.startswith(_POLICY) else limit


def counter_words(limit: str) -> str:
    """A counter as a test names it.

    >>> counter_words("policy:free:rate"), counter_words("policy:free:concurrency"), counter_words("shared")
    ('free rate', 'free concurrent', 'limit shared')
    """
    if not limit.startswith(_POLICY):
        return f"limit {limit}"
    _, policy, kind = limit.split(":")
    return f"{policy} {'concurrent' if kind == 'concurrency' else kind}"


def listed(names: Iterable[str]) -> str:
    """Names in order, or that there are none.

    >>> listed([]), listed(["b", "a"])
    ('none', 'a, b')
    """
    return ", ".join(sorted(names)) or "none"


def value_words(value: object) -> str:
    """A value as a fact would give it.

    >>> value_words(("b", "a")), value_words(True), value_words("x")
    ('["a", "b"]', 'true', '"x"')
    """
    match value:
        case None:
            return "absent"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case tuple() | list() | frozenset():
            return "[" + ", ".join(quoted(str(item)) for item in sorted(value)) + "]"
        case _:
            return str(value)


def differences(expected: Decision, actual: Decision) -> tuple[str, str]:
    """The two sides of what differs between two decisions: all else is left out."""
    names = [f.name for f in fields(Decision) if getattr(expected, f.name) != getattr(actual, f.name)]
    sides = (", ".join(f"{name} {getattr(side, name)!r}" for name in names) for side in (expected, actual))
    first, second = sides
    return first, second
