"""The development servers on loopback."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web

from gateway.dev.echo_http import echo_server
from gateway.dev.issuer_http import DevelopmentIssuer
from tests.strategies.tokens import AUDIENCE


async def listening(runner: web.BaseRunner) -> str:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as made:
        yield made


@pytest.fixture
async def issuer() -> AsyncIterator[DevelopmentIssuer]:
    """One that knows ana, who is gold."""
    made = DevelopmentIssuer("", AUDIENCE, {"ana": {"plan": "gold", "sub": "ana-1"}, "<b>": {}})
    runner = web.AppRunner(made.app(), access_log=None)
    made.issuer = await listening(runner)
    yield made
    await runner.cleanup()


@pytest.fixture
async def echo() -> AsyncIterator[str]:
    """The URL of an echo service."""
    runner = web.ServerRunner(echo_server())
    yield await listening(runner)
    await runner.cleanup()
