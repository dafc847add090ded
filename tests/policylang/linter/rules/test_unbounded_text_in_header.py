"""L020: how long a header may become."""

import pytest

from policylang.linter.rules.unbounded_text_in_header import RULE
from tests.policylang.linter.linting import findings, places


@pytest.mark.parametrize(
    ("type_", "found"), [("text", 1), ("text(1..257)", 1), ("text(1..256)", 0), ("slug", 0), ("int 0..9", 0)]
)
def test_by_the_bound_of_the_type(type_: str, found: int) -> None:
    assert len(places("L020", RULE.good.replace("text(1..64)", type_))) == found


def test_items_of_sets() -> None:
    text = 'request headers on orders { set X-Scopes claims.scope joined by " "   omit when empty }\n'
    (found,) = findings("L020", text)
    assert found.labels[0].text == "set of text: up to 4,096 characters each"


def test_a_capture_has_the_bound_of_its_type() -> None:
    route = 'route orders { match GET on "/v1/{tenant: text}"   trust corp   upstream "http://127.0.0.1:9000" }\n'
    assert places("L020", route + 'request headers on orders { set X-Path "{path.tenant}" }\n') == ["path.tenant"]
    assert places("L020", 'request headers on orders { set X-Path "{path.tenant}" }\n') == []


def test_another_bound() -> None:
    assert places("L020", RULE.good, longest=10) == ["claims.team"]
