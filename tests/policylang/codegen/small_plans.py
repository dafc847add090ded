"""Plans written by hand: one route, one or two issuers, and whatever rules a test wants. Rules stand on a line each."""

from dataclasses import dataclass, field, replace
from typing import Any

from policylang.plan import model
from policylang.plan.model import Binding, Condition, Expr
from policylang.plan.operators import preorder
from policylang.runtime.cell import Cell, Fields
from policylang.runtime.verdict import RequestFacts, Verdict

T, F = ("lit", "bool", True), ("lit", "bool", False)
SUB, TENANT, SCOPE, RISK, FLAG, LOGIN, NETS, PLAN = (
    ("claim", name) for name in ("sub", "tenant", "scope", "risk", "flag", "login", "nets", "plan")
)
ROLES, LEVEL, BLOCKED, SINCE = (("meta", name) for name in ("roles", "level", "blocked", "since"))
PATH_TENANT, PATH_NUMBER = ("path", "tenant"), ("path", "number")
EVENT, OTHER = ("header", "x-event"), ("header", "x-other")
CLIENT, PEER, GRANTS = ("ip", "client"), ("ip", "peer"), ("grants",)


def text(value: str) -> Expr:
    return ("lit", "text", value)


def number(value: int) -> Expr:
    return ("lit", "int", value)


def texts(*values: str) -> Expr:
    return ("lit", "set", tuple(sorted(values)))


def nets(*values: str) -> Expr:
    return ("lit", "nets", tuple(sorted(values)))


def eq(left: Expr, right: Expr) -> Expr:
    return ("cmp", "eq", left, right)


def claim(name: str, kind: Expr, **rest: Any) -> model.Claim:
    given = {"optional": False, "default": None, "always": None, "split": None, "null_as_absent": False} | rest
    return model.Claim(name, kind, (name,), **given)


CLAIMS = (
    claim("flag", ("bool",), default=(False,)),
    claim("login", ("time",), optional=True),
    claim("nets", ("set", ("cidr",)), default=((),)),
    claim("plan", ("enum", "free", "gold"), default=("free",)),
    claim("risk", ("int", -(2**63), 2**63 - 1), optional=True),
    claim("scope", ("set", ("text", 1, 4096)), default=((),)),
    claim("sub", ("text", 0, 4096)),
    claim("tenant", ("slug",), default=("acme",)),
)
FIELDS = (
    claim("blocked", ("bool",), default=(False,)),
    claim("level", ("int", 0, 100), optional=True),
    claim("roles", ("set", ("slug",)), default=((),)),
    claim("since", ("time",), optional=True),
)
ROBOT_CLAIMS = (claim("sub", ("text", 0, 4096)), claim("tenant", ("slug",), always=("robots",)))


def condition(expr: Expr | None, at: int = 0) -> Condition | None:
    """A condition whose nodes all stand at one place; its binding is not what codegen goes by."""
    if expr is None:
        return None
    binding: Binding = "request"
    return Condition(expr, tuple(at for _ in preorder(expr)), binding)


def issuer(name: str, claims: tuple[model.Claim, ...], **rest: Any) -> model.Issuer:
    return model.Issuer(
        name, f"https://{name}.test", model.Keys("url", "https://keys.test"), ("ES256",), ("api",),
        rest.get("leeway", 0), rest.get("lifetime"), None, "sub", model.Credential("authorization", ""), claims, 0,
    )  # fmt: skip


@dataclass
class Build:
    """Collects declarations, all of them on the one route ``r``; rules stand at line 2, 3, … of ``rules/r.rules``."""

    anonymous: bool = False
    issuers: tuple[model.Issuer, ...] = (issuer("corp", CLAIMS), issuer("robots", ROBOT_CLAIMS))
    rules: list[model.Rule] = field(default_factory=list)
    headers: list[model.SetHeader] = field(default_factory=list)
    removes: list[model.RemoveHeader] = field(default_factory=list)
    tokens: list[model.Token] = field(default_factory=list)
    limits: list[model.Limit] = field(default_factory=list)
    policies: tuple[model.Policy, ...] = ()
    select: model.Select | None = None
    secrets: tuple[str, ...] = ()

    def rule(self, effect: model.Effect, name: str, expr: Expr | None = None, **rest: Any) -> "Build":
        at = len(self.rules) + 1
        given: dict[str, Any] = {"methods": (), "until": None, "step_up": None} | rest
        self.rules.append(model.Rule(effect=effect, name=name, condition=condition(expr, at), at=at, **given))
        return self

    def header(self, name: str, *parts: Expr, direction: str = "request", **rest: Any) -> "Build":
        given: dict[str, Any] = {"joined": None, "separator": "", "secret": None, "omit": None} | rest
        given |= {"direction": direction, "binding": "request", "at": 0}
        self.headers.append(model.SetHeader(name=name, parts=parts, **given))
        return self

    def token(self, name: str, subject: Expr, *members: tuple[str, Expr], header: str = "X-Identity") -> "Build":
        claims = tuple(model.MintedClaim(key, value) for key, value in members)
        self.tokens.append(model.Token(name, f"svc-{name}", subject, 60_000_000, header, False, claims, "request", 0))
        return self

    def limit(self, name: str, by: str, amount: model.Amount, key: Expr | None = None) -> "Build":
        rate = amount if isinstance(amount, model.Rate) else None
        quota = amount if isinstance(amount, model.Quota) else None
        slots = amount if isinstance(amount, model.Concurrency) else None
        self.limits.append(model.Limit(name, by, key, rate, quota, "deny", 0, slots))  # type: ignore[arg-type]
        return self

    def choose(self, *arms: tuple[int, Expr | None], every: bool = False, otherwise: int = -1) -> "Build":
        made = tuple(model.Arm(policy, None, condition(expr), 0) for policy, expr in arms)
        self.select = model.Select(every, made, otherwise, 0)
        return self

    def plan(self) -> model.Plan:
        order = sorted(self.rules, key=lambda rule: (rule.effect, rule.name))
        capture = model.Segment
        segments = (
            capture("literal", "r", None), capture("capture", "tenant", ("slug",)),
            capture("capture", "number", ("int", 0, 99)), capture("rest", "", None),
        )  # fmt: skip
        route = model.Route(
            "r", (model.Pattern(("GET", "POST"), segments),), (), ("number", "tenant"), tuple(range(len(self.issuers))),
            self.anonymous, ("http://127.0.0.1:9000",), (), 1, 1, 1, "", "", False, tuple(range(len(order))),
            -1 if self.select is None else 0, tuple(range(len(self.headers))), tuple(range(len(self.removes))),
            tuple(range(len(self.tokens))), tuple(range(len(self.limits))), 0,
        )  # fmt: skip
        return model.Plan(
            model.FORMAT, 1, "", "", (model.SourceFile("rules/r.rules", "0" * 64),), self.secrets, self.issuers,
            model.Metadata(30_000_000, FIELDS, 0), self.policies, () if self.select is None else (self.select,),
            tuple(order), tuple(self.headers), tuple(self.removes), tuple(self.tokens), tuple(self.limits), (route,),
            tuple(model.Position(0, line, 1, line, 9) for line in range(1, len(self.rules) + 2)),
        )  # fmt: skip


def claims_of(**values: Any) -> tuple[Any, ...]:
    """Claims of ``corp``, decoded."""
    given = {"flag": False, "nets": frozenset(), "plan": "free", "scope": frozenset(), "sub": "u1", "tenant": "acme"}
    return tuple((given | values).get(declared.name) for declared in CLAIMS)


def fields_of(**values: Any) -> Fields:
    """Metadata, decoded."""
    given = {"blocked": False, "roles": frozenset()}
    return tuple((given | values).get(declared.name) for declared in FIELDS)


REQUEST = RequestFacts((7, "acme"), {}, "10.0.0.1", "127.0.0.1", now=1_000_000_000)


def decide(
    cell: Cell,
    claims: tuple[Any, ...] | None = None,
    fields: Fields | None = None,
    request: RequestFacts = REQUEST,
    identity: bytes = b"\1" * 16,
) -> Verdict:
    """The three stages, one after the other, at the request's time."""
    given = claims_of() if claims is None else claims
    assert request.now is not None
    token = cell.token_facts(given, identity, request.now)
    assert token.valid_from <= request.now < token.valid_until
    return cell.decide(token.slots, cell.identity_facts(token.slots, given, fields), request)


def with_request(**rest: Any) -> RequestFacts:
    return replace(REQUEST, **rest)
