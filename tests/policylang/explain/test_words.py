import pytest

from policylang.explain.words import written
from policylang.plan.model import Expr
from tests.policylang.codegen.small_plans import (
    BLOCKED,
    CLIENT,
    EVENT,
    FLAG,
    GRANTS,
    LOGIN,
    PATH_NUMBER,
    RISK,
    ROLES,
    SCOPE,
    SUB,
    eq,
    nets,
    number,
    text,
    texts,
)  # fmt: skip


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (eq(SUB, text('a"b')), 'claims.sub == "a\\"b"'),
        (("not", ("present", RISK)), "claims.risk absent"),
        (("not", ("in", text("a"), SCOPE)), '"a" not in claims.scope'),
        (("not", ("issuer", None)), "issuer is not anonymous"),
        (("not", ("innet", CLIENT, nets("10.0.0.0/8"))), 'client.ip not in ["10.0.0.0/8"]'),
        (("and", FLAG, ("or", BLOCKED, ("not", FLAG))), "claims.flag and (metadata.blocked or not claims.flag)"),
        (("not", ("and", FLAG, BLOCKED)), "not (claims.flag and metadata.blocked)"),
        (
            ("cmp", "ge", ("add", PATH_NUMBER, number(-1)), ("else", RISK, number(0))),
            "path.number + -1 >= (claims.risk ?? 0)",
        ),
        (("sub", number(1), ("sub", number(2), number(3))), "1 - (2 - 3)"),
        (("meets", "any", texts("a"), ROLES), 'any of ["a"] in metadata.roles'),
        (("older", LOGIN, 900_000_000), "claims.login older than 15min"),
        (("older", LOGIN, 1_500), "claims.login older than 1500us"),
        (("starts", EVENT, "a"), 'header["x-event"] starts with "a"'),
        (("ends", SUB, "\n"), 'claims.sub ends with "\\n"'),
        (("glob", SUB, "é*"), 'claims.sub matches "\\u00e9*"'),
        (("in", text("bulk"), GRANTS), '"bulk" in policy.grants'),
        (("lit", "bool", True), "true"),
        (("issuer", "corp"), "issuer is corp"),
    ],
)
def test_as_an_author_would_write_it(expr: Expr, expected: str) -> None:
    assert written(expr) == expected


def test_a_long_list_is_cut() -> None:
    many = texts(*(f"t{i:02}" for i in range(20)))
    assert written(many).endswith('"t07", … 12 more]')
