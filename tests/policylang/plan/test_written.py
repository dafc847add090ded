import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.plan.model import Amount, Concurrency, Expr, Quota, Rate
from policylang.plan.operators import OPERATORS
from policylang.plan.written import amount, duration, expression, quoted, type_term
from policylang.source.spans import Span
from policylang.syntax.strings import decode
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
    texts,
)  # fmt: skip
from tests.policylang.codegen.small_plans import (
    text as text_literal,
)
from tests.policylang.plan.test_operators import SAMPLES


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (eq(SUB, text_literal('a"b')), 'claims.sub == "a\\"b"'),
        (("not", ("present", RISK)), "claims.risk absent"),
        (("not", ("in", text_literal("a"), SCOPE)), '"a" not in claims.scope'),
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
        (("glob", SUB, "é*"), 'claims.sub matches "\\u{e9}*"'),
        (("in", text_literal("bulk"), GRANTS), '"bulk" in policy.grants'),
        (("lit", "bool", True), "true"),
        (("issuer", "corp"), "issuer is corp"),
        (eq(("else", RISK, number(5)), number(5)), "(claims.risk ?? 5) == 5"),
        (("or", ("and", FLAG, BLOCKED), FLAG), "(claims.flag and metadata.blocked) or claims.flag"),
        (eq(("not", FLAG), ("lit", "bool", True)), "(not claims.flag) == true"),
        (eq(SUB, text_literal("a{b}")), 'claims.sub == "a\\{b\\}"'),
    ],
)
def test_as_an_author_would_write_it(expr: Expr, expected: str) -> None:
    assert expression(expr) == expected


def test_a_long_list_is_cut_where_that_is_asked_for() -> None:
    many = texts(*(f"t{i:02}" for i in range(20)))
    assert expression(many, 8).endswith('"t07", … 12 more]')
    assert expression(("in", SUB, many), 2) == 'claims.sub in ["t00", "t01", … 18 more]'
    assert expression(many).endswith('"t19"]')
    assert expression(texts("a", "b"), 2) == '["a", "b"]'


@pytest.mark.parametrize("op", OPERATORS)
def test_every_operator_can_be_written(op: str) -> None:
    assert expression(SAMPLES[op][0])


@given(st.text())
def test_what_is_written_is_a_literal_of_the_language_with_the_same_text(value: str) -> None:
    """No control, bidi or zero-width character passes, and braces are no template."""
    literal = quoted(value)
    assert literal.isascii()
    assert literal.isprintable()
    troubles: list[object] = []
    decoded = decode(literal, Span(0, 0, len(literal)), troubles.append)
    assert decoded.text == value or any("\ud800" <= c <= "\udfff" for c in value)


@pytest.mark.parametrize(
    ("micros", "words"),
    [(0, "0us"), (1, "1us"), (1_500, "1500us"), (2_000, "2ms"), (90_000_000, "90s"), (86_400_000_000, "1d")],
)
def test_durations(micros: int, words: str) -> None:
    assert duration(micros) == words


@pytest.mark.parametrize(
    ("limited", "words"),
    [
        (Rate(1_000, 60_000_000, 5), "rate 1_000 per 1min burst 5"),
        (Quota(None, None, 0, ""), "quota unlimited"),
        (Quota(1_000_000, "month", 0, "Europe/Berlin"), 'quota 1_000_000 per month in "Europe/Berlin"'),
        (Quota(3, "day", 0, "UTC"), "quota 3 per day"),
        (Quota(9, "anchored", 2_592_000_000_000, ""), "quota 9 per 30d from first use"),
        (Quota(9, "anchored", 2_592_000_000_000, "", 4), "quota 9 per 30d from first use lease 4"),
        (Quota(1_000_000, "month", 0, "UTC", 1_000), "quota 1_000_000 per month lease 1_000"),
        (Concurrency(1_000, 60_000_000), "concurrent 1_000 held at most 1min"),
    ],
)
def test_amounts_as_rules_state_them(limited: Amount, words: str) -> None:
    assert amount(limited) == words


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (("text", 1, 4096), "text"),
        (("set", ("text", 0, 9)), "set of text(0..9)"),
        (("int", -5, 7), "int -5..7"),
        (("enum", "a", 'b"'), 'one of "a", "b\\""'),
        (("set", ("cidr",)), "set of cidr"),
        (("time",), "time"),
    ],
)
def test_types_as_rules_declare_them(term: Expr, words: str) -> None:
    assert type_term(term) == words
