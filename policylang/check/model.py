"""The checked module: what the rules mean. Everything downstream (lowering, the oracle, tools) reads this, not the AST.

Law of this file: data only, and complete: nothing here needs a second look at the AST. Names are resolved to objects'
names within their kind; lets are inlined; settings are replaced by their values; scopes are sorted tuples of route
names; literals have the type of the place they stand in. Durations are microseconds, instants seconds since 1970.
Absence is tracked by ``Ref.optional`` for the union of cells; whether a cell has the claim is the cell's to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from policylang.source.spans import Span
from policylang.syntax import nodes, nodes_test
from policylang.typesys.terms import Scalar, SetOf, Type

Value = str | int | bool | frozenset[str]

# --- typed expressions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression with its place; ``type`` is the type of its value when there is one."""

    span: Span
    type: Type


@dataclass(frozen=True, slots=True)
class Lit(Typed):
    """A constant. Sets are frozensets of text. Networks are a frozenset of canonical prefix texts, type SetOf(Cidr)."""

    value: Value


@dataclass(frozen=True, slots=True)
class Ref(Typed):
    """``claims.x``, ``metadata.x``, ``path.x``, ``policy.grants``, ``client.ip``, ``peer.ip`` or a request header.

    For a header ``root`` is "header" and ``name`` its lower-case name; a header is text and always optional.
    """

    root: Literal["claims", "metadata", "path", "policy", "client", "peer", "header"]
    name: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Not(Typed):
    operand: "TypedExpr"


@dataclass(frozen=True, slots=True)
class And(Typed):
    """Strong Kleene conjunction of two or more."""

    operands: tuple["TypedExpr", ...]


@dataclass(frozen=True, slots=True)
class Or(Typed):
    """Strong Kleene disjunction of two or more."""

    operands: tuple["TypedExpr", ...]


@dataclass(frozen=True, slots=True)
class Compare(Typed):
    """Both sides are textual, both integers, both booleans, or both sets (sets and booleans: ``==`` and ``!=`` only)."""

    op: nodes.CompareOp
    left: "TypedExpr"
    right: "TypedExpr"


@dataclass(frozen=True, slots=True)
class In(Typed):
    """Membership of a scalar in a set of its kind; of an address or network in networks. ``not in`` is Not(In)."""

    item: "TypedExpr"
    container: "TypedExpr"


@dataclass(frozen=True, slots=True)
class Meets(Typed):
    """``any of`` (``every`` False): the sets share a member. ``all of``: the first is within the second."""

    items: "TypedExpr"
    container: "TypedExpr"
    every: bool


@dataclass(frozen=True, slots=True)
class Present(Typed):
    """True when the reference has a value. ``absent`` is Not(Present)."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Older(Typed):
    """now - ref > micros, exactly; ref is a Time."""

    ref: Ref
    micros: int


@dataclass(frozen=True, slots=True)
class TextTest(Typed):
    """Prefix, suffix or glob (``*`` any run of characters, ``?`` one character, nothing else special), case-sensitive."""

    op: Literal["starts", "ends", "matches"]
    subject: "TypedExpr"
    pattern: str


@dataclass(frozen=True, slots=True)
class IssuerIs(Typed):
    """True in cells of this issuer; ``issuer`` None means anonymous."""

    issuer: str | None


@dataclass(frozen=True, slots=True)
class Coalesce(Typed):
    """The reference's value, or the default where it is absent."""

    ref: Ref
    default: "TypedExpr"


@dataclass(frozen=True, slots=True)
class Arith(Typed):
    op: Literal["+", "-"]
    left: "TypedExpr"
    right: "TypedExpr"


TypedExpr = (
    Lit | Ref | Not | And | Or | Compare | In | Meets | Present | Older | TextTest | IssuerIs | Coalesce | Arith
)  # fmt: skip

# --- declarations -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """How one member of a token (or of metadata) is decoded; see the decoding table in the language reference."""

    name: str
    type: Scalar | SetOf
    source: tuple[str, ...]
    optional: bool
    default: Value | None
    always: Value | None
    split: str | None
    null_as_absent: bool
    span: Span


@dataclass(frozen=True, slots=True)
class KeySource:
    """``url``: value is the URL; ``inline``: value is the text of a JWK, JWK set or PEM file; ``secret``: the secret's
    name; ``discovered``: value is the issuer, whose metadata document names the key set; ``keyring``: the keyring's
    name."""

    kind: Literal["url", "inline", "secret", "discovered", "keyring"]
    value: str


@dataclass(frozen=True, slots=True)
class Credential:
    """Where a token travels. ``authorization`` has the empty name; header names are lower-case, cookie names exact."""

    kind: Literal["authorization", "header", "cookie"]
    name: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """A trusted authorization server (one kind of its tokens), or a keyring that may be trusted itself, which is opaque.

    ``marked`` is (path, value or None for absent). An opaque one has no ``iss``, algorithms, audience, leeway, lifetime
    or mark.
    """

    name: str
    iss: str
    keys: KeySource
    algorithms: tuple[str, ...]
    audience: tuple[str, ...]
    leeway_micros: int
    lifetime_micros: int | None
    marked: tuple[tuple[str, ...], str | None] | None
    identity: str
    credential: Credential
    claims: tuple[Claim, ...]  # sorted by name
    span: Span

    @property
    def opaque(self) -> bool:
        """Whether its credentials are access keys themselves, and no tokens."""
        return self.keys.kind == "keyring" and not self.algorithms


@dataclass(frozen=True, slots=True)
class Metadata:
    fresh_micros: int
    fields: tuple[Claim, ...]  # sorted by name; source is the field's own name
    span: Span


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``burst + floor(count * W / per_micros)`` admissions in any window of W microseconds (GCRA)."""

    count: int
    per_micros: int
    burst: int


@dataclass(frozen=True, slots=True)
class Quota:
    """``count`` None: unlimited. ``period`` is a calendar period in ``zone``, or anchored microseconds.

    ``lease``: so many a gateway may take ahead; 0: none.
    """

    count: int | None
    period: Literal["day", "week", "month"] | int | None
    zone: str | None
    lease: int = 0


@dataclass(frozen=True, slots=True)
class Concurrency:
    """At most ``count`` requests at once, each counted for ``hold_micros`` at most."""

    count: int
    hold_micros: int


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    rate: Rate | None
    quota: Quota | None
    grants: frozenset[str]
    span: Span
    concurrency: Concurrency | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """``policy``: a policy's name, or a reference whose text value (values, in ``every``) names policies.

    ``when`` None: always taken once reached.
    """

    policy: str | Ref
    when: TypedExpr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Select:
    """``every`` False: the first arm that holds. If none holds: refused. ``otherwise`` is an arm without ``when``.

    For ``every``: all arms that hold are merged; ``otherwise`` (a policy's name) applies when none does.
    """

    index: int
    every: bool
    routes: tuple[str, ...]
    arms: tuple[Arm, ...]
    otherwise: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """``literal`` (decoded text), ``capture`` (name), ``one`` (``*``) or ``rest`` (``**``, zero or more, last)."""

    kind: Literal["literal", "capture", "one", "rest"]
    text: str = ""
    type: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """One (methods, path) of a route; a route has one for every path of every ``match``."""

    methods: tuple[str, ...]
    segments: tuple[Segment, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Host:
    labels: tuple[Segment, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Route:
    """``captures``: name to type, of path and host together; every pattern of the route binds all of them."""

    name: str
    patterns: tuple[Pattern, ...]
    hosts: tuple[Host, ...]
    captures: Mapping[str, Scalar]
    trust: tuple[str, ...]  # issuer names, sorted
    anonymous: bool
    upstream: tuple[str, ...]
    tags: frozenset[str]
    connect_micros: int
    answer_micros: int
    idle_micros: int
    strip_prefix: str
    add_prefix: str
    preserve_host: bool
    span: Span

    @property
    def methods(self) -> tuple[str, ...]:
        """Every method that some pattern takes, sorted."""
        return tuple(sorted({m for p in self.patterns for m in p.methods}))


@dataclass(frozen=True, slots=True)
class Rule:
    """``condition`` is already ``when and not unless``; None: always. ``methods`` empty: every method."""

    effect: nodes.Effect
    name: str
    routes: tuple[str, ...]
    methods: tuple[str, ...]
    condition: TypedExpr | None
    until: int | None
    step_up: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and references in order; a set never stands in one."""

    parts: tuple[str | Ref, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """A set, rendered in code-point order with ``separator`` between items."""

    ref: Ref
    separator: str


@dataclass(frozen=True, slots=True)
class SecretValue:
    name: str


@dataclass(frozen=True, slots=True)
class SetHeader:
    direction: Literal["request", "response"]
    routes: tuple[str, ...]
    name: str  # as written
    value: Template | Joined | SecretValue
    omit: Literal["absent", "empty"] | None
    span: Span


@dataclass(frozen=True, slots=True)
class RemoveHeader:
    """``name`` lower-case; with ``prefix``, everything that begins with it."""

    direction: Literal["request", "response"]
    routes: tuple[str, ...]
    name: str
    prefix: bool
    span: Span


@dataclass(frozen=True, slots=True)
class IdentityToken:
    name: str
    routes: tuple[str, ...]
    audience: str
    subject: Ref
    lifetime_micros: int
    header: str
    bearer: bool
    claims: tuple[tuple[str, Ref], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Limit:
    """``key`` is "identity", "route" or the reference whose value is counted."""

    name: str
    routes: tuple[str, ...]
    key: Literal["identity", "route"] | Ref
    amount: Rate | Quota | Concurrency
    on_outage: Literal["allow", "deny"]
    span: Span


@dataclass(frozen=True)
class CheckedModule:
    """A rule set that has no errors. Mappings are keyed by name and sorted; ``tests`` and ``givens`` keep the author's
    form."""

    issuers: Mapping[str, Issuer]
    metadata: Metadata | None
    policies: Mapping[str, Policy]
    selects: tuple[Select, ...]
    routes: Mapping[str, Route]
    rules: tuple[Rule, ...]  # sorted by (effect, name)
    set_headers: tuple[SetHeader, ...]
    remove_headers: tuple[RemoveHeader, ...]
    identity_tokens: tuple[IdentityToken, ...]
    limits: tuple[Limit, ...]
    secrets: tuple[str, ...]
    tests: tuple[nodes_test.Test, ...] = ()
    settings: Mapping[str, str | int] = field(default_factory=dict)
    givens: Mapping[str, nodes_test.Given] = field(default_factory=dict)

    def issuer_claim(self, issuer: str | None, name: str) -> Claim | None:
        """The declaration of a claim in one issuer; None where it has none, as anonymous has none."""
        if issuer is None:
            return None
        return next((c for c in self.issuers[issuer].claims if c.name == name), None)
