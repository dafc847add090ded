"""The values of the oracle, its two marks beside them, and the facts that one evaluation may look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol

from policylang.check.model import Arm, Rule, Select, TypedExpr, Value
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision


class Mark(Enum):
    """``FAULT``: a fact is not to be had. ``ABSENT``: it is known that there is none."""

    FAULT = "fault"
    ABSENT = "absent"


FAULT: Literal[Mark.FAULT] = Mark.FAULT
ABSENT: Literal[Mark.ABSENT] = Mark.ABSENT

Result = Value | Mark
Truth = bool | Literal[Mark.FAULT]


class StuckError(Exception):
    """A checked expression met a type or an absence that the checker promised away: a bug in the checker."""


class Tracer(Protocol):
    """Is told what the oracle looks at while it decides one request; what it did not look at, it does not tell."""

    def saw(self, expr: TypedExpr, value: Result) -> None:
        """An expression was evaluated; its operands, as far as they were looked at, were told before."""

    def held(self, rule: Rule, value: Truth) -> None:
        """A rule in scope has this value, its ``until`` included."""

    def took(self, select: Select, arm: Arm | None) -> None:
        """An arm held and named its policies; None: no arm held, so that its ``otherwise`` decides."""

    def decided(self, ask: Ask, decision: Decision) -> None:
        """The request that all this was about has its decision."""


@dataclass(frozen=True)
class Facts:
    """What expressions of one request may name. ``metadata`` FAULT: none of it is to be had.

    ``issuer`` None is anonymous. ``headers`` have lower-case names. ``grants`` are what the selected policies grant.
    """

    now: int
    issuer: str | None
    claims: Mapping[str, Value | Literal[Mark.ABSENT]]
    metadata: Mapping[str, Value | Literal[Mark.ABSENT]] | Literal[Mark.FAULT]
    captures: Mapping[str, str | int | bool]
    headers: Mapping[str, str | Literal[Mark.FAULT]]
    client_ip: str
    peer_ip: str
    grants: frozenset[str] | Literal[Mark.FAULT] = frozenset()
    tracer: Tracer | None = None
