"""Cases: which cells look alike to an expression."""

from policylang.check.environment import CellEnv, Names
from policylang.check.expr_cases import Absence, Mentions, absence, cases_of, everywhere
from policylang.typesys.terms import Int, Slug, Text
from tests.strategies.checked import claim

SUB = {"sub": claim("sub", Text()), "risk": claim("risk", Int(0, 9), optional=True)}


def cell(route: str, issuer: str | None = "staff", **captures: Slug | Int) -> CellEnv:
    return CellEnv(route, issuer, SUB if issuer else {}, captures, frozenset({route}))


def names(metadata: bool = True) -> Names:
    fields = {"roles": claim("roles", Slug()), "note": claim("note", Text(), optional=True)}
    return Names({}, {}, fields if metadata else None, (), {}, {})


def test_thousands_of_routes_of_one_issuer_are_one_case() -> None:
    cases = cases_of([cell(f"r{number}") for number in range(3000)], Mentions())
    assert len(cases) == 1
    assert cases[0].route == "r0"
    assert len(cases[0].routes) == 3000


def test_issuers_are_apart() -> None:
    cases = cases_of([cell("a", "staff"), cell("a", "partner"), cell("b", "staff")], Mentions())
    assert [(case.issuer, case.routes) for case in cases] == [("staff", ["a", "b"]), ("partner", ["a"])]


def test_captures_count_only_when_mentioned() -> None:
    cells = [cell("a", tenant=Slug()), cell("b", tenant=Int(0, 9)), cell("c")]
    assert len(cases_of(cells, Mentions())) == 1
    assert len(cases_of(cells, Mentions(captures=frozenset({"tenant"})))) == 3
    assert len(cases_of(cells, Mentions(captures=frozenset({"other"})))) == 1


def test_grants_count_only_when_mentioned() -> None:
    cells = [cell("a"), cell("b")]
    assert len(cases_of(cells, Mentions())) == 1
    assert len(cases_of(cells, Mentions(grants=True))) == 2


def test_a_route_that_only_anonymous_requests_reach_is_apart() -> None:
    cases = cases_of([cell("shop", "staff"), cell("shop", None), cell("health", None)], Mentions())
    assert [(case.issuer, case.only_anonymous) for case in cases] == [("staff", False), (None, False), (None, True)]


def test_what_a_case_says_of_absence() -> None:
    staff, anonymous = cases_of([cell("a"), cell("a", None)], Mentions())
    assert absence(staff, ("claims", "sub"), names()) is Absence.NEVER
    assert absence(staff, ("claims", "risk"), names()) is Absence.MAYBE
    assert absence(staff, ("claims", "other"), names()) is Absence.ALWAYS
    assert absence(anonymous, ("claims", "sub"), names()) is Absence.ALWAYS
    assert absence(staff, ("metadata", "roles"), names()) is Absence.NEVER
    assert absence(staff, ("metadata", "note"), names()) is Absence.MAYBE
    assert absence(staff, ("metadata", "roles"), names(metadata=False)) is Absence.ALWAYS
    assert absence(anonymous, ("metadata", "roles"), names()) is Absence.ALWAYS
    assert absence(anonymous, ("policy", "grants"), names()) is Absence.ALWAYS
    assert absence(staff, ("policy", "grants"), names()) is Absence.NEVER
    assert absence(anonymous, ("header", "x-a"), names()) is Absence.MAYBE
    assert absence(anonymous, ("client", "ip"), names()) is Absence.NEVER


def test_nothing_is_known_at_the_start() -> None:
    cases = cases_of([cell("a"), cell("b", "partner")], Mentions())
    assert list(everywhere(cases)) == list(cases)
    assert set(everywhere(cases).values()) == {frozenset()}
