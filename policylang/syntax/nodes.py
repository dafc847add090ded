"""The AST: what the author wrote, with a span on every node; nothing resolved, nothing typed.

Law of this file: data only. Durations are integers of microseconds, instants integers of seconds since 1970 (UTC).
Lists keep the author's order. A ``Name`` is any identifier that the author chose or refers to.
"""

from dataclasses import dataclass
from typing import Literal

from policylang.source.spans import Span


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a place in the source."""

    span: Span


@dataclass(frozen=True, slots=True)
class Name(Node):
    """An identifier, a header name or a method, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Str(Node):
    """A string literal after escapes. ``template`` tells where unescaped braces are: see ``syntax.template``.

    ``value`` has escapes resolved; ``holes`` are the references in braces, as (index into value, Ref): the braces and
    the reference's text are not part of ``value``. Where a place takes no template, the checker refuses holes.
    """

    value: str
    holes: tuple[tuple[int, "Ref"], ...] = ()


@dataclass(frozen=True, slots=True)
class Int(Node):
    value: int


@dataclass(frozen=True, slots=True)
class Bool(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class StrSet(Node):
    items: tuple[Str, ...]


@dataclass(frozen=True, slots=True)
class Duration(Node):
    micros: int
    text: str


@dataclass(frozen=True, slots=True)
class Instant(Node):
    """Seconds since 1970-01-01T00:00:00Z."""

    seconds: int
    text: str


Literal_ = Str | Int | Bool | StrSet

# --- expressions ------------------------------------------------------------------------------------------------------

Root = Literal["claims", "metadata", "policy", "path", "client", "peer"]


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """``root.name``"""

    root: Root
    name: str


@dataclass(frozen=True, slots=True)
class HeaderRef(Node):
    """``header["Name"]``: a header of the client's request."""

    name: Str


@dataclass(frozen=True, slots=True)
class LetRef(Node):
    """A bare name: a ``let`` (or, later, a ``list``)."""

    name: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: "Expr"


@dataclass(frozen=True, slots=True)
class And(Node):
    operands: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    operands: tuple["Expr", ...]


CompareOp = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    op: CompareOp
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class In(Node):
    """``item in container``, or ``item not in container`` when ``negated``."""

    item: "Expr"
    container: "Expr"
    negated: bool


@dataclass(frozen=True, slots=True)
class AnyOf(Node):
    """``any of items in container``: the two sets meet."""

    items: "Expr"
    container: "Expr"


@dataclass(frozen=True, slots=True)
class AllOf(Node):
    """``all of items in container``: the first set is within the second."""

    items: "Expr"
    container: "Expr"


@dataclass(frozen=True, slots=True)
class Presence(Node):
    """``ref present``, or ``ref absent`` when ``absent``."""

    ref: "Ref | HeaderRef"
    absent: bool


@dataclass(frozen=True, slots=True)
class Older(Node):
    """``ref older than duration``: now - ref > duration."""

    ref: "Ref"
    duration: Duration


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    """``subject starts with|ends with|matches pattern``"""

    op: Literal["starts", "ends", "matches"]
    subject: "Expr"
    pattern: Str


@dataclass(frozen=True, slots=True)
class IssuerIs(Node):
    """``issuer is name`` (``name`` may be ``anonymous``), or ``issuer is not name``."""

    issuer: Name
    negated: bool


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """``left ?? right``"""

    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class Arith(Node):
    """``left + right`` or ``left - right``"""

    op: Literal["+", "-"]
    left: "Expr"
    right: "Expr"


Expr = (
    Ref | HeaderRef | LetRef | Str | Int | Bool | StrSet | Not | And | Or | Compare | In | AnyOf | AllOf | Presence
    | Older | TextTest | IssuerIs | Coalesce | Arith
)  # fmt: skip

# --- declarations -----------------------------------------------------------------------------------------------------


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
    keys: tuple[KeysUrl | KeysFile | KeysSecret | KeysDiscovered, ...] = ()
    algorithms: tuple[tuple[Name, ...], ...] = ()
    audience: tuple[tuple[Const, ...], ...] = ()
    leeway: tuple[Duration, ...] = ()
    lifetime: tuple[Duration, ...] = ()
    marked: tuple[Marked, ...] = ()
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
    """``rate count per micros burst burst``"""

    count: Int
    per: Duration
    burst: Int


@dataclass(frozen=True, slots=True)
class Quota(Node):
    """``quota unlimited`` (``count`` None), ``quota n per day [in zone]`` or ``quota n per 30d from first use``."""

    count: Int | None
    period: Literal["day", "week", "month"] | Duration | None
    zone: Str | None = None


@dataclass(frozen=True, slots=True)
class Grants(Node):
    values: tuple[Str, ...]


@dataclass(frozen=True, slots=True)
class Policy(Node):
    name: Name
    fields: tuple[Rate | Quota | Grants, ...]


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
    amount: Rate | Quota
    on_outage: Literal["allow", "deny"]


@dataclass(frozen=True, slots=True)
class TestItem(Node):
    """A test, or a fixture that tests share: see ``policylang.syntax.nodes_test``."""


Item = (
    Setting | Secret | Issuer | Metadata | Let | Policy | Select | Route | Rule | Headers | IdentityToken | Limit
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
