"""The admin listener over real HTTP."""

from typing import Any

from aiohttp import ClientSession, web
from prometheus_client import CollectorRegistry

from gateway.admin.listener_http import admin_app


async def ask(path: str, status: tuple[bool, dict[str, Any]]) -> tuple[int, str, str]:
    app = admin_app(CollectorRegistry(), lambda: {"keys": [{"kid": "k1"}]}, lambda: status)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.headers["Content-Type"], await answer.text()
    finally:
        await runner.cleanup()


async def test_alive_while_not_ready() -> None:
    assert (await ask("/healthz", (False, {})))[0] == 200
    status, _, body = await ask("/readyz", (False, {"plan": None}))
    assert status == 503
    assert "not ready" in body


async def test_ready_with_details() -> None:
    status, _, body = await ask("/readyz", (True, {"plan": "sha256:1"}))
    assert status == 200
    assert "sha256:1" in body


async def test_keys_and_metrics() -> None:
    assert await ask("/.well-known/jwks.json", (True, {})) == (
        200,
        "application/jwk-set+json; charset=utf-8",
        '{"keys": [{"kid": "k1"}]}',
    )
    assert (await ask("/metrics", (True, {})))[1].startswith("text/plain")


async def test_nothing_else_is_there() -> None:
    assert (await ask("/", (True, {})))[0] == 404
