import pytest

from policylang.check.model import Route
from policylang.reference.choose_route import Chosen, NoMethod, captured, choose
from policylang.typesys.terms import Bool, Int, Slug, Text, Time
from tests.strategies.checked import module, route

TREE = (
    route("literal", "/v1/orders"),
    route("number", "/v1/{id#}"),
    route("name", "/v1/{tenant}/x"),
    route("one", "/v1/*"),
    route("rest", "/v1/**"),
    route("write", "/v1/orders", ("POST", "PUT")),
    route("on_host", "/v1/orders", ("DELETE",), hosts=("*.test",)),
    route("of_tenant", "/t/**", hosts=("{tenant}.api.test",)),
)


def taken(path: str, method: str = "GET", host: str = "h", routes: tuple[Route, ...] = TREE) -> object:
    """The name of the route taken, the methods allowed, or None."""
    found = choose(module(routes=routes), method, tuple(path[1:].split("/")), tuple(host.split(".")))
    return found.route.name if isinstance(found, Chosen) else found.allow if isinstance(found, NoMethod) else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/orders", "literal"), ("/v1/5", "number"), ("/v1/100", "one"), ("/v1/acme", "one"), ("/v1/acme/x", "name"),
        ("/v1", "rest"), ("/v1/", "rest"), ("/v1/acme/y", "rest"), ("/v1/orders/", "rest"), ("/v2", None), ("/", None),
        ("/V1/orders", None),
    ],
)  # fmt: skip
def test_literal_over_capture_over_one_over_rest(path: str, expected: object) -> None:
    assert taken(path) == expected


def test_the_best_place_decides_and_never_falls_through() -> None:
    assert taken("/v1/orders", "POST") == "write"
    assert taken("/v1/orders", "PATCH") == ("GET", "POST", "PUT")
    assert taken("/v1/orders", "get") == ("GET", "POST", "PUT")


def test_a_host_wins_over_none_and_keeps_the_place() -> None:
    assert taken("/v1/orders", "DELETE", "a.test") == "on_host"
    assert taken("/v1/orders", "GET", "a.test") == ("DELETE",)
    assert taken("/v1/orders", "DELETE", "a.b.test") == ("GET", "POST", "PUT")


def test_hosts_capture_too() -> None:
    found = choose(module(routes=TREE), "GET", ("t",), ("acme", "api", "test"))
    assert isinstance(found, Chosen)
    assert found.captures == {"tenant": "acme"}
    assert taken("/t", "GET", "api.test") is None


def test_paths_go_before_hosts() -> None:
    routes = (route("a", "/x/**", hosts=("h.test",)), route("b", "/x/y"))
    assert taken("/x/y", host="h.test", routes=routes) == "b"


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("99", 99), ("100", None), ("00", None), ("07", None), ("-0", None), ("+5", None), ("-1", None), ("",
     None),
     ("\u0665", None), ("5.0", None), ("9" * 5000, None)],
)  # fmt: skip
def test_integers_have_one_spelling(text: str, value: int | None) -> None:
    assert captured(Int(0, 99), text) == value


def test_other_captures() -> None:
    assert captured(Int(-5, 5), "-5") == -5
    assert captured(Bool(), "true") is True
    assert captured(Bool(), "True") is None
    assert captured(Time(), "0") == 0
    assert captured(Slug(), "Acme") is None
    assert captured(Text(), "a b\u00e9") == "a b\u00e9"
