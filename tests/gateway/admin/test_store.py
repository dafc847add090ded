"""The store: how it is, and a loss that is accepted."""

from gateway.admin.store import StoreReport
from gateway.message.ports import OUTAGE
from tests.strategies.admin import AdminWorld, served


async def test_how_it_is() -> None:
    world = AdminWorld()
    world.state.told = StoreReport("redis-cluster", "cold", "open", 3)
    async with served(world) as ask:
        seen = await ask("GET", "/v1/store")
        assert (seen.status, seen.body) == (
            200,
            {"kind": "redis-cluster", "feed": "cold", "breaker": "open", "losses": 3},
        )


async def test_a_loss_is_accepted() -> None:
    world = AdminWorld()
    async with served(world) as ask:
        assert (await ask("POST", "/v1/store/accept-loss")).status == 204
        assert world.state.accepted == 1
        world.state.answer = OUTAGE
        assert (await ask("POST", "/v1/store/accept-loss")).status == 503
