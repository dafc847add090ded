"""Checked modules for tests of what comes after the checker: one with a bit of everything, and conditions at random.

Spans are drawn from ``TREE``, so that places differ; ``shuffled`` gives the same rules as another author might write them.
"""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from policylang.check.model import (
    And,
    Arith,
    Arm,
    CheckedModule,
    Claim,
    Coalesce,
    Compare,
    Concurrency,
    Credential,
    Host,
    IdentityToken,
    In,
    Issuer,
    IssuerIs,
    Joined,
    KeySource,
    Limit,
    Lit,
    Meets,
    Metadata,
    Not,
    Older,
    Or,
    Pattern,
    Policy,
    Present,
    Quota,
    Rate,
    Ref,
    RemoveHeader,
    Route,
    Rule,
    SecretValue,
    Segment,
    Select,
    SetHeader,
    Template,
    TextTest,
    TypedExpr,
)  # fmt: skip
from policylang.ir.lower import lower
from policylang.ir.passes.sequence import run
from policylang.ir.stage import stage
from policylang.plan.build import build
from policylang.plan.model import Plan
from policylang.source.spans import Span
from policylang.source.tree import SourceTree, tree_of
from policylang.typesys import terms

TREE: SourceTree = tree_of({f"{name}.rules": "language 1\n" + "rule text é\n" * 40 for name in ("a", "b")})
SECOND, DAY = 1_000_000, 86_400_000_000

TEXTS, SLUGS, NETS = terms.SetOf(terms.Text()), terms.SetOf(terms.Slug()), terms.SetOf(terms.Cidr())
BOOL, TIME, IP, TEXT, SLUG = terms.Bool(), terms.Time(), terms.Ip(), terms.Text(), terms.Slug()
RISK, TIER = terms.Int(0, 100), terms.Enum(("free", "gold"))


def at(n: int) -> Span:
    """The n-th of some 160 different spans, in both files."""
    return Span(n % 2, 11 + 6 * (n // 2 % 80), 11 + 6 * (n // 2 % 80) + 4)


def claims(name: str, type_: terms.Type, n: int = 0, *, optional: bool = False) -> Ref:
    """``claims.name``"""
    return Ref(at(n), type_, "claims", name, optional)


def meta(name: str, type_: terms.Type, n: int = 0) -> Ref:
    """``metadata.name``"""
    return Ref(at(n), type_, "metadata", name, optional=False)


def path(name: str, n: int = 0) -> Ref:
    """``path.name``, a slug"""
    return Ref(at(n), SLUG, "path", name, optional=False)


def text(value: str, n: int = 0) -> Lit:
    """A literal text."""
    return Lit(at(n), TEXT, value)


def texts(*values: str) -> Lit:
    """A literal set of texts."""
    return Lit(at(1), TEXTS, frozenset(values))


def truth(value: bool, n: int = 0) -> Lit:
    """A literal truth value."""
    return Lit(at(n), BOOL, value)


def equal(left: TypedExpr, right: TypedExpr, n: int = 0) -> Compare:
    """``left == right``"""
    return Compare(at(n), BOOL, "==", left, right)


def both(*operands: TypedExpr, n: int = 0) -> And:
    """``a and b and …``"""
    return And(at(n), BOOL, operands)


def either(*operands: TypedExpr, n: int = 0) -> Or:
    """``a or b or …``"""
    return Or(at(n), BOOL, operands)


def negated(operand: TypedExpr, n: int = 0) -> Not:
    """``not a``"""
    return Not(at(n), BOOL, operand)


def _claim(name: str, type_: terms.Scalar | terms.SetOf, n: int) -> Claim:
    return Claim(name, type_, (name,), False, None, None, None, False, at(n))


def _issuers() -> dict[str, Issuer]:
    corp = (
        _claim("sub", terms.Text(1, 128), 2),
        replace(_claim("scope", TEXTS, 3), split=" "),
        replace(_claim("tenant", SLUG, 4), source=("https://example.com/tenant",)),
        replace(_claim("plan", TIER, 5), default="free"),
        replace(_claim("risk", RISK, 6), optional=True, null_as_absent=True),
        _claim("auth_time", TIME, 7),
        replace(_claim("roles", SLUGS, 8), default=frozenset({"b", "a"})),
        _claim("nets", NETS, 9),
        replace(_claim("net", terms.Cidr(), 9), always="10.0.0.0/8"),
        replace(_claim("flag", BOOL, 9), always=True),
    )
    partner = (_claim("sub", terms.Text(1, 64), 10), replace(_claim("tenant", SLUG, 11), always="acme"))
    made = (
        Issuer("corp", "https://corp.test", KeySource("url", "https://corp.test/keys"), ("RS256", "ES256"),
               ("b", "a"), 5 * SECOND, 3600 * SECOND, (("gty",), "user"), "sub", Credential("authorization", ""),
               corp, at(12)),
        Issuer("partner", "https://partner.test", KeySource("secret", "hush"), ("HS256",), ("a",), 0, None,
               (("typ", "x"), None), "sub", Credential("header", "x-api-key"), partner, at(13)),
    )  # fmt: skip
    return {issuer.name: issuer for issuer in made}


def _routes() -> dict[str, Route]:
    tenant = Segment("capture", "tenant", SLUG)
    v1, orders = Segment("literal", "v1"), Segment("literal", "orders")
    made = (
        Route("orders", (Pattern(("GET", "POST"), (v1, tenant, orders, Segment("rest")), at(14)),
                         Pattern(("DELETE",), (v1, tenant, orders, Segment("one")), at(15))),
              (), {"tenant": SLUG}, ("corp", "partner"), False, ("http://127.0.0.1:9000", "http://127.0.0.1:9001"),
              frozenset({"money", "api"}), SECOND, 2 * SECOND, 3 * SECOND, "/v1", "/api", True, at(16)),
        Route("shop", (Pattern(("GET",), (Segment("capture", "n", terms.Int(0, 9)),), at(17)),),
              (Host((tenant, Segment("literal", "shop"), Segment("literal", "test")), at(18)),
               Host((Segment("literal", "www"), tenant, Segment("one")), at(19))),
              {"n": terms.Int(0, 9), "tenant": SLUG}, ("corp",), True, ("http://127.0.0.1:9000",), frozenset(),
              SECOND, SECOND, SECOND, "", "", False, at(20)),
        Route("health", (Pattern(("GET",), (Segment("literal", "health"),), at(21)),), (), {}, (), True,
              ("http://127.0.0.1:9000",), frozenset(), SECOND, SECOND, SECOND, "", "", False, at(22)),
    )  # fmt: skip
    return {route.name: route for route in sorted(made, key=lambda route: route.name)}


def _rules() -> tuple[Rule, ...]:
    scope, tenant, risk = (
        claims("scope", TEXTS, 30),
        claims("tenant", SLUG, 31),
        claims("risk", RISK, 32, optional=True),
    )
    grants = Ref(at(33), TEXTS, "policy", "grants", optional=False)
    client, peer = Ref(at(34), IP, "client", "ip", optional=False), Ref(at(35), IP, "peer", "ip", optional=False)
    kind = Ref(at(36), TEXT, "header", "x-kind", optional=True)
    nets = Lit(at(37), NETS, frozenset({"10.0.0.0/8", "fd00::/8"}))
    wide = either(
        negated(Present(at(40), BOOL, risk), 41),
        Compare(at(42), BOOL, ">", Arith(at(43), RISK, "+", risk, Lit(at(44), RISK, 1)), Lit(at(45), RISK, 50)),
        Compare(at(42), BOOL, "<=", Coalesce(at(46), RISK, risk, Lit(at(47), RISK, 0)), Lit(at(48), RISK, 3)),
        n=49,
    )
    odd = both(
        In(at(50), BOOL, client, nets), negated(In(at(51), BOOL, peer, claims("nets", NETS, 52)), 53),
        Meets(at(54), BOOL, texts("a", "b"), scope, every=False), Meets(at(54), BOOL, claims("roles", SLUGS), scope, every=True),
        TextTest(at(55), BOOL, "starts", claims("sub", TEXT), "a"), TextTest(at(55), BOOL, "ends", claims("sub", TEXT), "b"),
        TextTest(at(56), BOOL, "matches", Coalesce(at(57), TEXT, kind, text("")), "a*"),
        Older(at(58), BOOL, claims("auth_time", TIME, 59), 900 * SECOND), IssuerIs(at(60), BOOL, "corp"),
        Compare(at(61), BOOL, "!=", claims("flag", BOOL), truth(value=False)), n=62,
    )  # fmt: skip
    made = (
        Rule("allow", "read", ("orders",), ("GET",), In(at(63), BOOL, text("orders:read"), scope), None, None, at(64)),
        Rule("allow", "bulk", ("orders",), (), In(at(65), BOOL, text("bulk"), grants), 1_772_323_200, None, at(66)),
        Rule("allow", "ping", ("health",), (), None, None, None, at(67)),
        Rule("allow", "odd", ("orders", "shop"), ("POST", "GET"), odd, None, None, at(68)),
        Rule("deny", "cross", ("orders", "shop"), (), negated(equal(tenant, path("tenant", 69), 70), 71), None, None, at(72)),
        Rule("deny", "risky", ("orders",), (), wide, None, "mfa", at(73)),
        Rule("deny", "blocked", ("orders",), (), meta("blocked", BOOL, 74), None, None, at(75)),
        Rule("shadow deny", "slow", ("shop",), (), negated(IssuerIs(at(76), BOOL, None), 77), 1_772_323_200, None, at(78)),
        Rule("shadow allow", "x", ("shop",), (), equal(meta("tier", TIER, 79), text("gold")), None, None, at(79)),
    )  # fmt: skip
    return tuple(sorted(made, key=lambda rule: (rule.effect, rule.name)))


def everything() -> CheckedModule:
    """A module that uses every declaration, every operator and every optional field."""
    policies = (
        Policy("free", Rate(5, SECOND, 10), Quota(1000, "day", None), frozenset(), at(80)),
        Policy("gold", Rate(100, SECOND, 200), Quota(5, "month", "Europe/Berlin"), frozenset({"bulk"}), at(81)),
        Policy("none", None, Quota(None, None, None), frozenset(), at(82), Concurrency(4, 60 * SECOND)),
    )
    plan = claims("plan", TIER, 83)
    selects = (
        Select(0, True, ("orders",), (
            Arm("gold", equal(plan, text("gold")), at(84)),
            Arm("free", meta("blocked", BOOL, 85), at(86)),
            Arm(plan, None, at(87)),
        ), "free", at(88)),
        Select(1, False, ("shop",), (
            Arm("none", Compare(at(89), BOOL, "<", claims("risk", RISK), Lit(at(90), RISK, 9)), at(91)),
            Arm("free", None, at(92)),
        ), None, at(93)),
    )  # fmt: skip
    sub, roles = claims("sub", TEXT, 94), meta("roles", SLUGS, 95)
    return CheckedModule(
        issuers=_issuers(),
        metadata=Metadata(
            30 * SECOND,
            (_claim("blocked", BOOL, 96), _claim("tier", TIER, 97), replace(_claim("roles", SLUGS, 98), optional=True)),
            at(99),
        ),
        policies={policy.name: policy for policy in policies},
        selects=selects,
        routes=_routes(),
        rules=_rules(),
        set_headers=(
            SetHeader("request", ("orders",), "X-User", Template(("u:", sub, "/", path("tenant"))), None, at(100)),
            SetHeader("request", ("orders",), "X-Roles", Joined(roles, ","), "empty", at(101)),
            SetHeader("request", ("shop",), "X-Key", SecretValue("hush"), None, at(102)),
            SetHeader("response", ("health", "shop"), "X-Frame", Template(()), None, at(103)),
        ),
        remove_headers=(
            RemoveHeader("response", ("health", "orders", "shop"), "server", False, at(104)),
            RemoveHeader("response", ("health", "orders", "shop"), "x-internal-", True, at(105)),
        ),
        identity_tokens=(
            IdentityToken("inner", ("orders",), "svc", sub, 60 * SECOND, "Authorization", True,
                          (("tenant", claims("tenant", SLUG)), ("roles", roles)), at(106)),
        ),
        limits=(
            Limit("share", ("orders",), claims("tenant", SLUG), Rate(600, 60 * SECOND, 100), "deny", at(107)),
            Limit("total", ("orders", "shop"), "route", Quota(9, 30 * DAY, None), "allow", at(108)),
            Limit("own", ("shop",), "identity", Quota(9, "week", None, 4), "allow", at(109)),
            Limit("slots", ("shop",), "identity", Concurrency(2, 30 * SECOND), "deny", at(110)),
        ),
        secrets=("hush", "other"),
    )  # fmt: skip


def planned(module: CheckedModule, tree: SourceTree = TREE) -> Plan:
    """The plan of a module, made as the compiler makes it."""
    return build(stage(run(lower(module))), tree, 1)


def leaves() -> SearchStrategy[TypedExpr]:
    """Conditions without inner conditions: literals, and references that may be true, false or a fault."""
    names = st.sampled_from(("flag", "flag2"))
    return st.one_of(
        st.builds(truth, st.booleans(), st.integers(0, 159)),
        st.builds(lambda name, n: claims(name, BOOL, n), names, st.integers(0, 159)),
        st.builds(lambda name, n: meta(name, BOOL, n), names, st.integers(0, 159)),
        st.builds(lambda a, b, n: equal(text(a), text(b), n), st.sampled_from("ab"), st.sampled_from("ab"), st.integers(0, 9)),
    )  # fmt: skip


def conditions(most: int = 12) -> SearchStrategy[TypedExpr]:
    """Conditions of literals, references, ``not``, ``and``, ``or``, deep and with repetitions."""
    spans = st.integers(0, 159)
    return st.recursive(
        leaves(),
        lambda inner: st.one_of(
            st.builds(negated, inner, spans),
            st.builds(lambda of, n: both(*of, n=n), st.lists(inner, min_size=2, max_size=4), spans),
            st.builds(lambda of, n: either(*of, n=n), st.lists(inner, min_size=2, max_size=4), spans),
        ),
        max_leaves=most,
    )


@st.composite
def shuffled(draw: DrawFn, expr: TypedExpr) -> TypedExpr:
    """The same condition with the operands of ``and`` and ``or`` in another order, at other places."""
    span = at(draw(st.integers(0, 159)))
    match expr:
        case And() | Or():
            operands = draw(st.permutations(expr.operands))
            return replace(expr, span=span, operands=tuple(draw(shuffled(operand)) for operand in operands))
        case Not():
            return replace(expr, span=span, operand=draw(shuffled(expr.operand)))
        case _:
            return replace(expr, span=span)
