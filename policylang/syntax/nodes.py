"""The AST: what the author wrote, with a span on every node; nothing resolved, nothing typed.

Law of this file: data only. Durations are integers of microseconds, instants integers of seconds since 1970 (UTC).
Lists keep the author's order. A ``Name`` is any identifier that the author chose or refers to.
"""

from dataclasses import dataclass
from typing import Literal

from policylang.syntax.nodes_expr import (
    AllOf,
    And,
    AnyOf,
    Arith,
    Bool,
    Coalesce,
    Compare,
    CompareOp,
    Duration,
    Expr,
    HeaderRef,
    In,
    Instant,
    Int,
    IssuerIs,
    LetRef,
    Literal_,
    Name,
    Node,
    Not,
    Older,
    Or,
    Presence,
    Ref,
    Root,
    Str,
    StrSet,
    TextTest,
)

__all__ = [
    "AllOf", "And", "AnyOf", "Arith", "Arm", "Bool", "Claim", "Coalesce", "Compare", "CompareOp", "Concurrency",
    "Const", "Credential", "Duration", "Effect", "Expr", "File", "Grants", "HeaderRef", "Headers", "HostPattern",
    "IdentityToken", "In", "Instant", "Int", "Issuer", "IssuerIs", "Item", "Joined", "Keyring", "KeysDiscovered",
    "KeysFile", "KeysKeyring", "KeysSecret", "KeysUrl", "Let", "LetRef", "Limit", "LimitKey", "Literal_", "Marked",
    "Match", "Metadata", "Minted", "Name", "Node", "Not", "Older", "Or", "OutHeader", "PathPattern", "Policy",
    "Presence", "Quota", "Rate", "Ref", "RemoveHeader", "Root", "Route", "Rule", "RuleSet", "Scope", "Secret",
    "SecretRef", "Segment", "Select", "SetHeader", "Setting", "SettingRef", "Str", "StrSet", "TestItem", "TextTest",
    "Timeout", "TypeTerm",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettingRef(Node):
    name: str


@dataclass(frozen=True, slots=True)
class SecretRef(Node):
    name: str


Const = Str | SettingRef


@dataclass(frozen=True, slots=True)
class Setting(Node):
    """``setting name url|text|int``"""

    name: Name
    type: Literal["url", "text", "int"]


@dataclass(frozen=True, slots=True)
class Secret(Node):
    name: Name


@dataclass(frozen=True, slots=True)
class TypeTerm(Node):
    """``text(1..128)``, ``int 0..100``, ``one of "a", "b"``, ``set of slug``: ``kind`` is the word, the rest its parts."""

    kind: Literal["text", "slug", "bool", "time", "email", "cidr", "int", "enum", "set"]
    low: int | None = None
    high: int | None = None
    values: tuple[Str, ...] = ()
    item: "TypeTerm | None" = None


@dataclass(frozen=True, slots=True)
class Claim(Node):
    """A claim or metadata declaration. ``source`` is the path of member names in the token; None: the claim's own name."""

    name: Name
    type: TypeTerm
    optional: bool = False
    default: Literal_ | None = None
    always: Literal_ | None = None
    split: Str | None = None
    source: tuple[Str, ...] | None = None
    null_as_absent: bool = False


@dataclass(frozen=True, slots=True)
class KeysUrl(Node):
    url: Const


@dataclass(frozen=True, slots=True)
class KeysFile(Node):
    """``keys file "keys/jwks.json"``: a JWK, a JWK set or a PEM public key, relative to the rule set."""

    path: Str


@dataclass(frozen=True, slots=True)
class KeysSecret(Node):
    """``keys secret.name``: a symmetric key."""

    secret: SecretRef


@dataclass(frozen=True, slots=True)
class KeysDiscovered(Node):
    """``keys discovered``: from the issuer's metadata document (RFC 8414, OpenID Connect Discovery)."""


@dataclass(frozen=True, slots=True)
class KeysKeyring(Node):
    """``keys keyring name``: a token's ``kid`` names an access key of the keyring, which verifies it."""

    keyring: Name


@dataclass(frozen=True, slots=True)
class Marked(Node):
    """``marked "gty" is "x"`` or ``marked "gty" absent`` (``value`` None): what tells two kinds of token of one iss apart."""

    path: tuple[Str, ...]
    value: Str | None


@dataclass(frozen=True, slots=True)
class Credential(Node):
    """Where the token travels: ``credential header X-Token`` or ``credential cookie "session"``."""

    kind: Literal["header", "cookie"]
    name: Name


@dataclass(frozen=True, slots=True)
class Issuer(Node):
    """Fields given twice are kept: the checker complains. Order is the author's."""

    name: Name
    iss: tuple[Const, ...] = ()
    keys: tuple[KeysUrl | KeysFile | KeysSecret | KeysDiscovered | KeysKeyring, ...] = ()
    algorithms: tuple[tuple[Name, ...], ...] = ()
    audience: tuple[tuple[Const, ...], ...] = ()
    leeway: tuple[Duration, ...] = ()
    lifetime: tuple[Duration, ...] = ()
    marked: tuple[Marked, ...] = ()
    identity: tuple[Ref, ...] = ()
    credential: tuple[Credential, ...] = ()
    claims: tuple[tuple[Claim, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Keyring(Node):
    """Access keys. With ``identity by`` they are credentials themselves; fields as in ``Issuer``."""

    name: Name
    identity: tuple[Ref, ...] = ()
    credential: tuple[Credential, ...] = ()
    claims: tuple[tuple[Claim, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata(Node):
    fresh: Duration | None
    fields: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Let(Node):
    name: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class Rate(Node):
    """``rate count per micros burst burst``; with a ``lease`` it is refused."""

    count: Int
    per: Duration
    burst: Int
    lease: Int | None = None


@dataclass(frozen=True, slots=True)
class Quota(Node):
    """``quota unlimited`` (``count`` None), ``quota n per day [in zone]`` or ``quota n per 30d from first use``.

    Each may go on with ``lease n``.
    """

    count: Int | None
    period: Literal["day", "week", "month"] | Duration | None
    zone: Str | None = None
    lease: Int | None = None


@dataclass(frozen=True, slots=True)
class Concurrency(Node):
    """``concurrent n held at most 60s``"""

    count: Int
    hold: Duration


@dataclass(frozen=True, slots=True)
class Grants(Node):
    values: tuple[Str, ...]


@dataclass(frozen=True, slots=True)
class Policy(Node):
    name: Name
    fields: tuple[Rate | Quota | Concurrency | Grants, ...]


@dataclass(frozen=True, slots=True)
class Scope(Node):
    """``all``; names; ``routes tagged t``; ``routes with path.x``; ``routes trusting i``."""

    kind: Literal["all", "names", "tagged", "capture", "trusting"]
    names: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Arm(Node):
    """One arm of a select. ``policy`` None: refuse. ``when`` None: ``otherwise`` (first) or ``always`` (every).

    ``policy`` may be a reference to a claim or metadata field that names the policy; then ``when`` None means
    unconditional and ``otherwise`` is False.
    """

    policy: Name | Ref | None
    when: Expr | None
    otherwise: bool


@dataclass(frozen=True, slots=True)
class Select(Node):
    """``select policy`` (``every`` False) or ``select policies``."""

    every: bool
    scope: Scope
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class Segment(Node):
    """One segment of a path pattern: a literal, ``{name: type}``, ``*`` or ``**``."""

    kind: Literal["literal", "capture", "one", "rest"]
    text: str = ""
    type: TypeTerm | None = None


@dataclass(frozen=True, slots=True)
class PathPattern(Node):
    segments: tuple[Segment, ...]
    text: str


@dataclass(frozen=True, slots=True)
class HostPattern(Node):
    """``api.example.com``, ``*.example.com`` or ``{tenant: slug}.example.com``: labels, left to right."""

    labels: tuple[Segment, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Match(Node):
    methods: tuple[Name, ...]
    patterns: tuple[PathPattern, ...]


@dataclass(frozen=True, slots=True)
class Timeout(Node):
    """``timeout connect|answer|idle duration``"""

    kind: Literal["connect", "answer", "idle"]
    duration: Duration


@dataclass(frozen=True, slots=True)
class Route(Node):
    """Fields given twice are kept: the checker complains."""

    name: Name
    matches: tuple[Match, ...] = ()
    hosts: tuple[tuple[HostPattern, ...], ...] = ()
    trust: tuple[tuple[Name, ...], ...] = ()
    upstream: tuple[tuple[Const, ...], ...] = ()
    tags: tuple[tuple[Name, ...], ...] = ()
    timeouts: tuple[Timeout, ...] = ()
    strip_prefix: tuple[Str, ...] = ()
    add_prefix: tuple[Str, ...] = ()
    preserve_host: tuple[Node, ...] = ()


Effect = Literal["allow", "deny", "shadow allow", "shadow deny"]


@dataclass(frozen=True, slots=True)
class Rule(Node):
    """``when`` None: ``always``. ``methods`` empty: every method of the route."""

    effect: Effect
    name: Name
    scope: Scope
    methods: tuple[Name, ...]
    when: Expr | None
    unless: Expr | None
    until: Instant | None
    step_up: Str | None


@dataclass(frozen=True, slots=True)
class RemoveHeader(Node):
    """``remove Server, "X-Internal-*"``; a ``Str`` may end in ``*``."""

    names: tuple[Name | Str, ...]


@dataclass(frozen=True, slots=True)
class Joined(Node):
    ref: Ref
    separator: Str


@dataclass(frozen=True, slots=True)
class SetHeader(Node):
    name: Name | Str
    value: Str | SecretRef | Joined
    omit: Literal["absent", "empty"] | None


@dataclass(frozen=True, slots=True)
class Headers(Node):
    direction: Literal["request", "response"]
    scope: Scope
    operations: tuple[RemoveHeader | SetHeader, ...]


@dataclass(frozen=True, slots=True)
class Minted(Node):
    name: Name
    ref: Ref


@dataclass(frozen=True, slots=True)
class OutHeader(Node):
    name: Name | Str
    bearer: bool


@dataclass(frozen=True, slots=True)
class IdentityToken(Node):
    name: Name
    scope: Scope
    audience: tuple[Const, ...] = ()
    subject: tuple[Ref, ...] = ()
    lifetime: tuple[Duration, ...] = ()
    header: tuple[OutHeader, ...] = ()
    claims: tuple[tuple[Minted, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class LimitKey(Node):
    """``by identity``, ``by route`` or ``by claims.tenant``."""

    kind: Literal["identity", "route", "ref"]
    ref: Ref | HeaderRef | None = None


@dataclass(frozen=True, slots=True)
class Limit(Node):
    name: Name
    scope: Scope
    key: LimitKey
    amount: Rate | Quota | Concurrency
    on_outage: Literal["allow", "deny"]


@dataclass(frozen=True, slots=True)
class TestItem(Node):
    """A test, or a fixture that tests share: see ``policylang.syntax.nodes_test``."""


Item = (
    Setting | Secret | Issuer | Keyring | Metadata | Let | Policy | Select | Route | Rule | Headers | IdentityToken | Limit
    | TestItem
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class File(Node):
    """One ``*.rules`` file: its language version and its items, in order."""

    path: str
    language: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The files of a rule set, sorted by path; ``file`` in spans indexes them."""

    files: tuple[File, ...]
