"""L031: keys that the client writes."""

from tests.policylang.linter.linting import places

LIMIT = "limit each on orders by {} {{ rate 10 per 1s burst 20   on outage deny }}\n"


def test_captures_of_any_type() -> None:
    assert places("L031", LIMIT.format("path.tenant")) == ["path.tenant"]
    route = (
        'route orders { match GET on "/v1/{year: int 2000..2100}"   trust corp   upstream "http://127.0.0.1:9000" }\n'
    )
    assert places("L031", route + LIMIT.format("path.year")) == ["path.year"]


def test_claims_are_signed() -> None:
    assert places("L031", LIMIT.format("claims.tenant")) == []
    assert places("L031", LIMIT.format("identity")) == []
