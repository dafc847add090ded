"""Blanks between words, and where expressions break."""

import pytest

from tests.policylang.formatter.styled import styled_items


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("claims .sub == 1", "claims.sub == 1"),
        ("claims.a==-  5", "claims.a == -5"),
        ("claims.a>=1+2-claims.b", "claims.a >= 1 + 2 - claims.b"),
        ('header  [ "X-A" ]present', 'header["X-A"] present'),
        ('claims.a in[ "x" ,"y"]', 'claims.a in ["x", "y"]'),
        ("claims.a in [ ]", "claims.a in []"),
        ("not( claims.a or not claims.b )", "not (claims.a or not claims.b)"),
        ('(claims.a??"x")=="y"', '(claims.a ?? "x") == "y"'),
        ("claims.t older   than 1_5min", "claims.t older than 1_5min"),
        ("issuer is\nnot   corp", "issuer is not corp"),
    ],
)
def test_blanks_in_conditions(written: str, wanted: str) -> None:
    assert styled_items(f"let a = {written}") == f"let a = {wanted}\n"


def test_ranges_stand_tight() -> None:
    text = styled_items("metadata { a: text ( 1 .. 5 ) b: int - 3 .. 5 }")
    assert text == "metadata { a: text(1..5)   b: int -3..5 }\n"


WORD = "abcdefghijklmnopqrstuvwxyz"


def test_a_long_condition_breaks_before_its_operators() -> None:
    text = styled_items(f"let a = claims.{WORD} or claims.{WORD} or claims.{WORD} or claims.{WORD}")
    assert text == f"let a =\n  claims.{WORD}\n" + f"    or claims.{WORD}\n" * 3


def test_parentheses_break_only_where_they_have_to() -> None:
    inner = f"claims.{WORD} or claims.{WORD}"
    text = styled_items(f"deny a on b when ({inner}) and ({inner} or {inner}) and claims.x")
    assert text == (
        f"deny a on b\n  when ({inner})\n    and (\n"
        f"      claims.{WORD}\n      or claims.{WORD}\n      or claims.{WORD}\n      or claims.{WORD}\n    )\n    and claims.x\n"
    )


def test_a_long_set_has_an_item_on_each_line() -> None:
    text = styled_items(f'deny a on b when claims.x in ["{WORD}", "{WORD}", "{WORD}", "{WORD}"]')
    assert (
        text == f'deny a on b\n  when claims.x in [\n    "{WORD}",\n    "{WORD}",\n    "{WORD}",\n    "{WORD}"\n  ]\n'
    )


def test_a_long_list_breaks_behind_commas() -> None:
    names = ", ".join(f"route_{number}" for number in range(13))
    text = styled_items(f"deny a on {names} always")
    assert text.splitlines() == [
        "deny a on route_0, route_1, route_2, route_3, route_4, route_5, route_6, route_7, route_8, route_9, route_10,",
        "  route_11, route_12",
        "  always",
    ]
