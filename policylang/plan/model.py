"""The shapes of a plan, as in ``schemas/plan.v1.json``. Everything refers by index into the plan's sorted tables.

Law of this file: data only: no behaviour but what is derived from one object's own fields. An expression is a nested
tuple ``(op, *operands)``, so that equal conditions are equal JSON; its places stand beside it, as a tuple of indices
into ``Plan.positions``, one for every expression node in preorder (operators and references, not their plain
arguments). Operators, with their operands:

=========  =======================================  ==========================================================
op         operands                                 value
=========  =======================================  ==========================================================
lit        kind, value                              text, int, bool; set and nets: a sorted list of texts
claim      name                                     the decoded claim
meta       name                                     the metadata field; a fault where metadata is not to be had
path       name                                     the capture's text, or integer
header     lower-case name                          the request header's text
ip         "client" or "peer"                       the address, canonical text
grants                                              the set of what the selected policies grant
not        x
and, or    x, y, …                                  strong Kleene
cmp        eq ne lt le gt ge, x, y
in         item, set
innet      address or network, nets                 within one of the networks
meets      "any" or "all", items, set
present    reference
older      reference, microseconds                  now - reference > microseconds
starts, ends, glob   x, pattern
issuer     issuer's name, or null for anonymous
else       reference, default                       ``??``
add, sub   x, y
=========  =======================================  ==========================================================
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Expr = tuple[Any, ...]
At = tuple[int, ...]

BINDINGS = ("const", "token", "identity", "request")
Binding = Literal["const", "token", "identity", "request"]

FORMAT = "policylang.plan/1"


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression, the places of its nodes in preorder, and the earliest stage that can evaluate all of it."""

    expr: Expr
    at: At
    binding: Binding


@dataclass(frozen=True, slots=True)
class SourceFile:
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Position:
    """Index of a file, then 1-based line and column (code points) of the start and of the end (exclusive)."""

    file: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Claim:
    """``type``: ("text", low, high), ("slug",), ("email",), ("enum", a, b, …), ("int", low, high), ("bool",),
    ("time",), ("cidr",) or ("set", item type). ``default`` and ``always`` are None or a one-element tuple holding the
    value (sets as sorted tuples)."""

    name: str
    type: Expr
    source: tuple[str, ...]
    optional: bool
    default: tuple[Any, ...] | None
    always: tuple[Any, ...] | None
    split: str | None
    null_as_absent: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """``keyring``: value is the name of a keyring, whose access keys verify (or are, if the issuer is opaque)."""

    kind: Literal["url", "inline", "secret", "discovered", "keyring"]
    value: str


@dataclass(frozen=True, slots=True)
class Credential:
    kind: Literal["authorization", "header", "cookie"]
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    path: tuple[str, ...]
    value: str | None


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose credentials are taken. An opaque one is a keyring that is trusted itself: its access keys are the
    credentials, ``iss`` is empty, there is no audience, leeway, lifetime or mark, and the claims are those kept with
    the key."""

    name: str
    iss: str
    keys: Keys
    algorithms: tuple[str, ...]
    audience: tuple[str, ...]
    leeway_micros: int
    lifetime_micros: int | None
    marked: Mark | None
    identity: str
    credential: Credential
    claims: tuple[Claim, ...]
    at: int

    @property
    def opaque(self) -> bool:
        """Whether its credentials are access keys themselves, and no tokens."""
        return self.keys.kind == "keyring" and not self.algorithms


@dataclass(frozen=True, slots=True)
class Metadata:
    fresh_micros: int
    fields: tuple[Claim, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Rate:
    count: int
    per_micros: int
    burst: int


@dataclass(frozen=True, slots=True)
class Quota:
    """``count`` None: unlimited. ``window`` is day, week, month or anchored (``micros`` long, from the first use).

    ``lease``: so many a gateway may take ahead and spend by itself; 0: each request is counted where it is counted.
    """

    count: int | None
    window: Literal["day", "week", "month", "anchored"] | None
    micros: int
    zone: str
    lease: int = 0


@dataclass(frozen=True, slots=True)
class Concurrency:
    """At most ``count`` requests at once. One that runs for longer than ``hold_micros`` does not count any more."""

    count: int
    hold_micros: int


Amount = Rate | Quota | Concurrency


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    rate: Rate | None
    quota: Quota | None
    grants: tuple[str, ...]
    at: int
    concurrency: Concurrency | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """``policy`` is an index; or -1, and then ``named`` is the reference whose value names the policy (policies)."""

    policy: int
    named: Expr | None
    when: Condition | None
    at: int


@dataclass(frozen=True, slots=True)
class Select:
    """``otherwise`` is an index, or -1: refuse."""

    every: bool
    arms: tuple[Arm, ...]
    otherwise: int
    at: int


@dataclass(frozen=True, slots=True)
class Segment:
    kind: Literal["literal", "capture", "one", "rest"]
    text: str
    type: Expr | None


@dataclass(frozen=True, slots=True)
class Pattern:
    methods: tuple[str, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """``captures`` are sorted names; rules, headers, tokens, limits are indices, ascending; ``select`` -1: none."""

    name: str
    patterns: tuple[Pattern, ...]
    hosts: tuple[tuple[Segment, ...], ...]
    captures: tuple[str, ...]
    trust: tuple[int, ...]
    anonymous: bool
    upstream: tuple[str, ...]
    tags: tuple[str, ...]
    connect_micros: int
    answer_micros: int
    idle_micros: int
    strip_prefix: str
    add_prefix: str
    preserve_host: bool
    rules: tuple[int, ...]
    select: int
    set_headers: tuple[int, ...]
    remove_headers: tuple[int, ...]
    tokens: tuple[int, ...]
    limits: tuple[int, ...]
    at: int


Effect = Literal["allow", "deny", "shadow allow", "shadow deny"]


@dataclass(frozen=True, slots=True)
class Rule:
    """``condition`` None: always. ``methods`` empty: every method. ``until`` in seconds since 1970."""

    effect: Effect
    name: str
    methods: tuple[str, ...]
    condition: Condition | None
    until: int | None
    step_up: str | None
    at: int


@dataclass(frozen=True, slots=True)
class SetHeader:
    """One of ``parts`` (a template: literals and references), ``joined`` (a set and its separator) or ``secret``."""

    direction: Literal["request", "response"]
    name: str
    parts: tuple[Expr, ...]
    joined: Expr | None
    separator: str
    secret: str | None
    omit: Literal["absent", "empty"] | None
    binding: Binding
    at: int


@dataclass(frozen=True, slots=True)
class RemoveHeader:
    direction: Literal["request", "response"]
    name: str
    prefix: bool
    at: int


@dataclass(frozen=True, slots=True)
class MintedClaim:
    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Token:
    """An identity token. ``header`` as written; ``bearer`` puts the scheme before the token."""

    name: str
    audience: str
    subject: Expr
    lifetime_micros: int
    header: str
    bearer: bool
    claims: tuple[MintedClaim, ...]
    binding: Binding
    at: int


@dataclass(frozen=True, slots=True)
class Limit:
    """``by`` identity, route, or ref with the reference in ``key``. One of ``rate``, ``quota``, ``concurrency`` is set."""

    name: str
    by: Literal["identity", "route", "ref"]
    key: Expr | None
    rate: Rate | None
    quota: Quota | None
    on_outage: Literal["allow", "deny"]
    at: int
    concurrency: Concurrency | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """``semantic`` is the digest of everything but files, positions and places; ``whole`` of everything but itself."""

    format: str
    language: int
    semantic: str
    whole: str
    files: tuple[SourceFile, ...]
    secrets: tuple[str, ...]
    issuers: tuple[Issuer, ...]
    metadata: Metadata | None
    policies: tuple[Policy, ...]
    selects: tuple[Select, ...]
    rules: tuple[Rule, ...]
    set_headers: tuple[SetHeader, ...]
    remove_headers: tuple[RemoveHeader, ...]
    tokens: tuple[Token, ...]
    limits: tuple[Limit, ...]
    routes: tuple[Route, ...]
    positions: tuple[Position, ...] = field(default=())
