import pytest

from policylang.ir.pretty import duration, expression, pretty
from policylang.plan.model import Expr
from policylang.plan.operators import OPERATORS
from tests.policylang.plan.test_operators import SAMPLES
from tests.strategies.modules import everything, planned

SUB, RISK = ("claim", "sub"), ("claim", "risk")
FIVE, A = ("lit", "int", 5), ("lit", "text", "a")


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (("cmp", "ge", ("add", RISK, FIVE), ("sub", FIVE, RISK)), "claims.risk + 5 >= 5 - claims.risk"),
        (("cmp", "eq", ("else", RISK, FIVE), FIVE), "(claims.risk ?? 5) == 5"),
        (("else", RISK, FIVE), "claims.risk ?? 5"),
        (("sub", FIVE, ("sub", RISK, FIVE)), "5 - (claims.risk - 5)"),
        (("not", ("present", RISK)), "claims.risk absent"),
        (("not", ("in", A, ("grants",))), 'not "a" in policy.grants'),
        (("not", ("and", SUB, RISK)), "not (claims.sub and claims.risk)"),
        (("and", ("or", SUB, RISK), ("not", SUB)), "(claims.sub or claims.risk) and not claims.sub"),
        (("or", ("and", SUB, RISK), SUB), "(claims.sub and claims.risk) or claims.sub"),
        (("cmp", "eq", ("not", SUB), ("lit", "bool", True)), "(not claims.sub) == true"),
        (("meets", "any", ("lit", "set", ("a", "b")), ("claim", "scope")), 'any of ["a", "b"] in claims.scope'),
        (("older", ("claim", "auth_time"), 900_000_000), "claims.auth_time older than 15min"),
        (("glob", ("header", "x-kind"), "é*"), 'header["x-kind"] matches "é*"'),
        (("issuer", None), "issuer is anonymous"),
        (("innet", ("ip", "client"), ("lit", "nets", ("10.0.0.0/8",))), 'client.ip in ["10.0.0.0/8"]'),
    ],
)
def test_expressions_read_like_rules(expr: Expr, text: str) -> None:
    assert expression(expr) == text


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_can_be_printed(op: str) -> None:
    assert expression(SAMPLES[op][0])


@pytest.mark.parametrize(
    ("micros", "text"),
    [(0, "0us"), (1, "1us"), (1_500, "1500us"), (2_000, "2ms"), (90_000_000, "90s"), (86_400_000_000, "1d")],
)
def test_durations(micros: int, text: str) -> None:
    assert duration(micros) == text


def test_a_plan_is_printed_whole() -> None:
    plan = planned(everything())
    text = pretty(plan)
    assert text.startswith(f"plan {plan.semantic}\nwhole {plan.whole}\n")
    tables = (plan.issuers, plan.policies, plan.routes, plan.rules, plan.limits, plan.tokens)
    assert all(str(getattr(item, "name", None)) in text for table in tables for item in table)
    for line in (
        "route shop  trust corp, anonymous  upstream http://127.0.0.1:9000",
        "  GET on /{n: int 0..9} host {tenant: slug}.shop.test, www.{tenant: slug}.*",
        "  DELETE on /v1/{tenant: slug}/orders/*",
        "  allow ping always  b.rules:18:7",
        "  add claims.plan always  b.rules:23:7",
        "  use free otherwise",
        "  refuse otherwise",
        "  limit total by route  quota 9 per 30d from first use  on outage allow",
        '  request set X-Roles metadata.roles joined by ","  omit when empty  [identity]',
        "  response remove x-internal-*",
        "  identity token inner for svc in Authorization  [identity]",
        "policy none  quota unlimited",
        "  roles: set of slug  optional",
    ):
        assert line in text.splitlines()
    assert "hush" not in text.replace("secret.hush", "")
