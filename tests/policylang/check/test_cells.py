from policylang.check.cells import Cells
from policylang.check.model import CheckedModule
from tests.policylang.check.rule_sets import HEALTH, issuer, route, sound


def cells_of(module: CheckedModule, grants: dict[str, frozenset[str]] | None = None, *unsure: str) -> Cells:
    return Cells(module.routes, module.issuers, grants or {}, frozenset(unsure))


def looks(cells: Cells, *routes: str) -> list[tuple[str, str | None]]:
    return [(cell.route, cell.issuer) for cell in cells.of(routes)]


TWINS = "".join(route(name, match=f'GET on "/{name}/{{id: slug}}"') for name in ("aaa", "bbb", "ccc"))


def test_routes_that_look_alike_share_their_cells() -> None:
    cells = cells_of(sound(TWINS))
    assert looks(cells, "aaa", "bbb", "ccc") == [("aaa", "corp")]
    assert looks(cells, "bbb", "ccc") == [("bbb", "corp")]


def test_captures_tell_cells_apart() -> None:
    cells = cells_of(sound(TWINS + route("ddd", match='GET on "/ddd/{id: text}"') + route("eee")))
    assert [cell.route for cell in cells.of(("aaa", "bbb", "ddd", "eee"))] == ["aaa", "ddd", "eee"]
    assert [sorted(cell.captures) for cell in cells.of(("aaa", "eee"))] == [["id"], []]


def test_grants_tell_cells_apart() -> None:
    cells = cells_of(sound(TWINS), {"aaa": frozenset(), "bbb": frozenset({"x"})})
    assert [cell.grants for cell in cells.of(("aaa", "bbb", "ccc"))] == [frozenset(), frozenset({"x"}), None]


def test_there_is_a_cell_for_each_issuer_and_one_for_anonymous() -> None:
    text = issuer("bots", claims="sub: text  robot: bool") + route("shop", trust="corp, bots, anonymous")
    cells = cells_of(sound(text))
    assert looks(cells, "shop") == [("shop", "bots"), ("shop", "corp"), ("shop", None)]
    assert [sorted(cell.claims) for cell in cells.of(("shop",))][::2] == [["robot", "sub"], []]
    assert [cell.issuer for cell in cells.trusted(("shop",))] == ["bots", "corp"]


def test_an_anonymous_route_is_not_taken_for_one_that_trusts_somebody_too() -> None:
    text = HEALTH + route("aaa", trust="corp, anonymous") + route("zzz", trust="corp")
    cells = cells_of(sound(text))
    assert looks(cells, "aaa", "health", "zzz") == [("aaa", "corp"), ("aaa", None), ("health", None), ("zzz", "corp")]


def test_an_anonymous_cell_names_a_route_that_one_with_a_token_names_too() -> None:
    text = issuer("bots") + "".join(
        route(name, trust=trust)
        for name, trust in (("aaa", "corp"), ("bbb", "corp, anonymous"), ("ccc", "bots, anonymous"))
    )
    named = looks(cells_of(sound(text)), "aaa", "bbb", "ccc")
    trusting = {route for route, issuer in named if issuer is not None}
    assert all(route in trusting for route, issuer in named if issuer is None)


def test_unsure_routes_have_no_cells() -> None:
    cells = cells_of(sound(TWINS), None, "aaa")
    assert looks(cells, "aaa") == []
    assert looks(cells, "aaa", "bbb") == [("bbb", "corp")]


def test_a_scope_is_surveyed_once() -> None:
    cells = cells_of(sound(TWINS))
    assert cells.of(("aaa", "bbb")) is cells.of(("aaa", "bbb"))
