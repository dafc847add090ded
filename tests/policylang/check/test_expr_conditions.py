"""Conditions: narrowing in `and`, `or` and `not`, and the shape of the tree."""

import pytest

from tests.policylang.check.expr_world import STAFF_AND_PARTNER, codes, tree


@pytest.mark.parametrize(
    ("text", "routes", "expected"),
    [
        ("claims.admin", ("own",), "claims.admin"),
        ("not claims.admin", ("own",), "(not claims.admin)"),
        ("not not claims.admin", ("own",), "(not (not claims.admin))"),
        ('claims.admin and ("a" in claims.scope and claims.level > 3)', ("own",),
         "(and claims.admin (in 'a' claims.scope) (> claims.level 3))"),
        ('claims.admin or ("a" in claims.scope or claims.level > 3)', ("own",),
         "(or claims.admin (in 'a' claims.scope) (> claims.level 3))"),
        ("claims.level > 5 and issuer is staff", ("orders",), "(and (issuer staff) (> claims.level 5))"),
        ("claims.level > 5 or issuer is partner", ("orders",), "(or (issuer partner) (> claims.level 5))"),
        ("issuer is not partner and claims.level > 5", ("orders",), "(and (not (issuer partner)) (> claims.level 5))"),
        ("not (issuer is partner or claims.level > 5)", ("orders",), "(not (or (issuer partner) (> claims.level 5)))"),
        ("not (issuer is staff and claims.level > 5)", ("orders",), "(not (and (issuer staff) (> claims.level 5)))"),
        ('not (issuer is staff and claims.risk absent) or claims.sub == "x"', ("orders",),
         "(or (not (and (issuer staff) (not (present claims.risk?)))) (== claims.sub 'x'))"),
    ],
)  # fmt: skip
def test_trees(text: str, routes: tuple[str, ...], expected: str) -> None:
    assert tree(text, *routes) == expected


@pytest.mark.parametrize(
    "text",
    [
        "claims.risk present and claims.risk > 50",
        "claims.risk > 50 and claims.risk present",
        "claims.risk absent or claims.risk > 50",
        "claims.risk > 50 or claims.risk absent",
        "not (claims.risk absent or claims.risk > 50)",
        "not (claims.risk present and claims.risk > 50)",
        "claims.risk present and (claims.admin or claims.risk > 50)",
        "claims.risk present and not (claims.admin and claims.risk > 50)",
        "claims.risk absent or (claims.admin and claims.risk > 50)",
        '(claims.risk present and claims.acr present) and (claims.risk > 50 or claims.acr == "mfa")',
        'not (claims.risk absent or claims.acr absent) and claims.risk > 50 and claims.acr == "mfa"',
        "((claims.risk present and claims.admin) or (claims.risk present and claims.level > 3)) and claims.risk > 50",
        "claims.risk > 50 and not (claims.risk absent or claims.admin)",
        "guard and claims.risk > 50",
        "claims.risk > 50 and not unrated",
        "unrated or high",
    ],
)
def test_guards_reach(text: str) -> None:
    lets = "let guard = claims.risk present\nlet unrated = claims.risk absent\nlet high = claims.risk > 50\n"
    assert codes(text, "own", lets=lets) == []


@pytest.mark.parametrize(
    "text",
    [
        "claims.risk > 50",
        "not (claims.risk > 50)",
        "claims.risk present or claims.risk > 50",
        "claims.risk absent and claims.risk > 50",
        "not (claims.risk present or claims.risk > 50)",
        "(claims.risk present or claims.admin) and claims.risk > 50",
        "claims.acr present and claims.risk > 50",
        "(claims.risk present and claims.admin) or claims.risk > 50",
        'claims.risk present and claims.admin and not (claims.acr == "mfa")',
        'header["X-A"] absent or header["X-B"] == "x"',
    ],
)
def test_guards_that_do_not_reach(text: str) -> None:
    assert "R204" in codes(text, "own")


def test_circular_guards_guard_nothing() -> None:
    text = (
        '((claims.risk present and claims.nick == "a") or (claims.risk present and claims.admin)) and '
        "((claims.nick present and claims.risk > 50) or (claims.nick present and claims.admin))"
    )
    assert codes(text, "own") == ["R204"]
    assert tree(text.replace('claims.nick == "a"', 'claims.sub == "a"'), "own").startswith(
        "(and (or (and (present claims.risk?)"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", ["R245"]),
        ("false or claims.admin", ["R245"]),
        ('"text"', ["R218"]),
        ("3", ["R218"]),
        ('["a"] and claims.admin', ["R218"]),
        ("claims.sub or claims.scope", ["R218", "R218"]),
        ("claims.nick", ["R218"]),  # what it is counts before whether it is there
        ('header["X-A"]', ["R218"]),
        ("not claims.level", ["R218"]),
        ("claims.level + 1", ["R218"]),
        ("claims.level older than 1h", ["R225"]),
        ("claims.sub older than 1h and client.ip older than 1h", ["R225", "R225"]),
        ("issuer is nobody", ["R213"]),
        ("issuer is hooks and claims.admin", ["R214"]),
        ("issuer is nobody and claims.unknown_one", ["R213"]),
        ("claims.unknown_one present and claims.unknown_one > 3", ["R201"]),
        ("claims.unknown_one and claims.other_one", ["R201", "R201"]),
    ],
)
def test_mistakes(text: str, expected: list[str]) -> None:
    assert codes(text, "own") == expected


def test_an_issuer_out_of_reach_is_fine_in_a_let() -> None:
    lets = 'let partner_only = issuer is partner and claims.partner_id == "x"'
    assert codes("partner_only", "own", lets=lets) == ["R247"]
    assert tree("claims.admin or partner_only", "own", lets=lets) == "(or claims.admin (issuer partner))"


def test_kinds_may_differ_where_only_one_is_looked_at() -> None:
    text = '(issuer is staff and claims.level > 5) or (issuer is partner and claims.level == "high")'
    assert codes(text, "orders") == []
    assert codes("claims.level > 5", "orders") == ["R203"]
    assert codes("claims.level present", "orders") == ["R241"]


def test_contradictions_and_tautologies_are_found_where_they_stand() -> None:
    assert codes("claims.admin and (claims.level > 5 and claims.level < 3)", "own") == ["R248"]
    assert codes('claims.sub == "x" or (claims.level > 5 and claims.level < 3)', "own") == ["R248"]
    assert codes("claims.admin and (claims.level > 5 or claims.level <= 5)", "own") == ["R246"]
    lets = "let odd = claims.level > 5 and claims.level < 3"
    assert codes("claims.admin or odd", "own", lets=lets) == ["R248"]


def test_nesting_at_the_cap() -> None:
    text = "claims.admin"
    for number in range(30):
        text = f'not ({text} {"and" if number % 2 else "or"} "s{number}" in claims.scope)'
    assert codes(text, "own") == []


def test_many_operands() -> None:
    text = " or ".join(f'claims.sub == "u{number}"' for number in range(500))
    assert tree(text, "own").count("(==") == 500
    assert codes(f'({text}) and claims.sub == "nobody"', "own") == ["R248"]


def test_anonymous_cells_are_apart() -> None:
    assert codes("issuer is anonymous or claims.admin", "shop") == []
    assert codes("claims.admin", "shop") == ["R204"]
    assert codes("claims.admin", "health") == ["R205"]
    assert codes("issuer is not anonymous and claims.admin", "shop", "health") == []
    assert "trust anonymous" in STAFF_AND_PARTNER
