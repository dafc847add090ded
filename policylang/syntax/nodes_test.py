"""The AST of tests: what is given, what is asked, what is expected.

Law of this file: data only, as in ``policylang.syntax.nodes``. A ``RowRef`` stands where a row puts a value.
"""

from dataclasses import dataclass
from typing import Literal

from policylang.syntax.nodes import Bool, Duration, Instant, Int, Literal_, Name, Node, Str, TestItem


@dataclass(frozen=True, slots=True)
class RowRef(Node):
    """``row.name``: the cell of that name in each row of the test."""

    name: str


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """``name: literal``, ``name: absent`` (``value`` None), ``name: raw "json"``, ``name: 5min ago``, ``name: in 5min``,
    or ``name: row.cell`` (kind "value")."""

    name: Name
    kind: Literal["value", "absent", "raw", "ago", "ahead"]
    value: Literal_ | Duration | RowRef | None


@dataclass(frozen=True, slots=True)
class AtStep(Node):
    instant: Instant


@dataclass(frozen=True, slots=True)
class AfterStep(Node):
    duration: Duration


@dataclass(frozen=True, slots=True)
class GivenStep(Node):
    """``given ana``: the steps of a fixture."""

    name: Name


@dataclass(frozen=True, slots=True)
class TokenStep(Node):
    """``token corp { … }``; ``issuer`` None: ``token with { … }``, the same token with other facts."""

    issuer: Name | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class RawTokenStep(Node):
    """``token raw "json"``: the payload, byte for byte; ``payload`` None: ``token absent``."""

    payload: Str | RowRef | None


@dataclass(frozen=True, slots=True)
class MetadataStep(Node):
    """``facts`` None: ``metadata down``."""

    facts: tuple[Fact, ...] | None


@dataclass(frozen=True, slots=True)
class Counter(Node):
    """``gold quota``, ``gold rate``, ``gold concurrent`` or ``limit shared``."""

    kind: Literal["quota", "rate", "concurrent", "limit"]
    name: Name


@dataclass(frozen=True, slots=True)
class UsedStep(Node):
    """``used 999 of gold quota``"""

    count: Int | RowRef
    counter: Counter


@dataclass(frozen=True, slots=True)
class RequestPart(Node):
    """``from "ip"``, ``peer "ip"``, ``host "h"`` or ``header Name "value"``; ``header`` is None but for the last."""

    kind: Literal["from", "peer", "host", "header"]
    header: Name | Str | None
    value: Str | RowRef


@dataclass(frozen=True, slots=True)
class RequestStep(Node):
    method: Name | RowRef
    target: Str | RowRef
    parts: tuple[RequestPart, ...]


@dataclass(frozen=True, slots=True)
class RepeatStep(Node):
    """``repeat 4``: the last request, that many times more."""

    count: Int


@dataclass(frozen=True, slots=True)
class ExpectName(Node):
    """``by rule``, ``as no_allow``, ``route orders``, ``issuer corp`` or ``policy free, gold``."""

    kind: Literal["by", "as", "route", "issuer", "policy"]
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class ExpectStepUp(Node):
    """``step_up "mfa"``"""

    values: tuple[Str, ...]


@dataclass(frozen=True, slots=True)
class ExpectHeader(Node):
    """``header X-User "u1"``, ``response header Server absent``; ``secret`` values have the secret's name as ``value``."""

    direction: Literal["request", "response"]
    name: Name | Str
    kind: Literal["value", "secret", "present", "absent"]
    value: Str | RowRef | Name | None


@dataclass(frozen=True, slots=True)
class ExpectToken(Node):
    """``identity token for_orders { tenant: "acme" }``; ``facts`` None: absent."""

    name: Name
    facts: tuple[Fact, ...] | None


@dataclass(frozen=True, slots=True)
class ExpectCharged(Node):
    """``charged free rate, limit shared``"""

    counters: tuple[Counter, ...]


@dataclass(frozen=True, slots=True)
class ExpectLeft(Node):
    """``left 4 of free rate``"""

    count: Int | RowRef
    counter: Counter


@dataclass(frozen=True, slots=True)
class ExpectShadow(Node):
    """``shadow deny slow is true``"""

    effect: Literal["shadow allow", "shadow deny"]
    name: Name
    value: Bool


Expectation = ExpectName | ExpectStepUp | ExpectHeader | ExpectToken | ExpectCharged | ExpectLeft | ExpectShadow


@dataclass(frozen=True, slots=True)
class Expected(Node):
    """``allow …`` (``status`` None) or ``deny 403 …``"""

    allowed: bool
    status: Int | None
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class ExpectStep(Node):
    """``expect allow …``, or ``expect row.answer …``: then ``more`` is expected beside what the row says."""

    answer: Expected | RowRef
    more: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell(Node):
    """``name: GET`` or ``name: deny 403 …``; the other cells are facts."""

    name: Name
    value: Name | Expected


@dataclass(frozen=True, slots=True)
class RowStep(Node):
    """``row { tenant: "acme"  answer: allow }``"""

    cells: tuple[Fact | Cell, ...]


ArrangeStep = AtStep | TokenStep | RawTokenStep | MetadataStep
Step = ArrangeStep | AfterStep | GivenStep | UsedStep | RequestStep | RepeatStep | ExpectStep | RowStep


@dataclass(frozen=True, slots=True)
class Given(TestItem):
    """``given ana { … }``: a fixture that tests share."""

    name: Name
    steps: tuple[ArrangeStep, ...]


@dataclass(frozen=True, slots=True)
class Test(TestItem):
    title: Str
    steps: tuple[Step, ...]
