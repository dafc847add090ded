"""Usage: asked for by period, group and identity; of nobody in particular and of the most active."""

import pytest

from gateway.message.ports import OUTAGE
from gateway.usage.periods import HOUR, floor
from gateway.usage.port import Batch, Cell
from tests.strategies.admin import IDENTITY, AdminWorld, served
from tests.strategies.tokens import NOW

HOUR_NOW = floor("hour", NOW - HOUR)
PATH = f"/v1/identities/{IDENTITY}/usage"


async def used() -> AdminWorld:
    world = AdminWorld()
    counts = {"n": 3, "k.limited": 1, "t20": 2, "b": 100}
    cells = (
        Cell(HOUR_NOW, bytes.fromhex(IDENTITY), "gold", "orders", counts),
        Cell(HOUR_NOW, b"", "", "health", {"n": 1, "k.denied": 1}),
    )
    assert await world.usage.add(Batch("g1", 1, cells)) is True
    return world


async def test_of_one_identity_and_of_everybody() -> None:
    async with served(await used()) as ask:
        one = await ask("GET", PATH)
        assert one.status == 200, one.text
        assert (one.body["identity"], one.body["by"], one.body["total"]["requests"]) == (IDENTITY, "hour", 3)
        assert one.body["rows"][0]["start"] == "2026-02-01T11:00:00Z"
        everybody = await ask("GET", "/v1/usage?group=route&by=day")
        assert everybody.body["total"]["requests"] == 4
        assert [group["route"] for group in everybody.body["groups"]] == ["orders", "health"]
        nobody = await ask("GET", "/v1/identities/anonymous/usage")
        assert nobody.body["total"]["denied"] == {"denied": 1}
        top = await ask("GET", "/v1/usage?top=1")
        assert [group["identity"] for group in top.body["groups"]] == [IDENTITY]


async def test_of_a_stated_time() -> None:
    async with served(await used()) as ask:
        before = await ask("GET", f"{PATH}?from=2026-02-01T09:00:00Z&to=2026-02-01T11:00:00Z")
        assert (before.body["to"], before.body["rows"]) == ("2026-02-01T11:00:00Z", [])
        within = await ask("GET", f"{PATH}?from=2026-02-01T11:59:59Z")
        assert within.body["total"]["requests"] == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2026-02-01T12:00:00Z&to=2026-02-01T12:00:00Z", 422),
        ("from=2020-01-01T00:00:00Z", 422),
        ("from=2026-02-30T12:00:00Z", 422),
        ("to=1969-02-01T12:00:00Z", 422),
        ("from=yesterday", 400),
        ("by=week", 400),
        ("top=3", 400),
    ],
)
async def test_what_cannot_be_asked(query: str, status: int) -> None:
    async with served(await used()) as ask:
        assert (await ask("GET", f"{PATH}?{query}")).status == status


async def test_top_goes_with_no_group() -> None:
    async with served(await used()) as ask:
        refused = await ask("GET", "/v1/usage?top=3&group=route")
        assert refused.status == 422
        assert "ask without" in refused.body["detail"]


async def test_an_outage_is_one() -> None:
    class Out:
        async def read(self, _: object) -> object:
            return OUTAGE

    async with served(AdminWorld(usage=Out())) as ask:
        assert (await ask("GET", PATH)).status == 503
