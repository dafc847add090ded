"""The admin listener: ``/healthz``, ``/readyz``, ``/metrics``, ``/.well-known/jwks.json``, and the admin API under ``/v1``.

It has an address of its own. The API asks for its credential, the others do not.
"""

from collections.abc import Callable
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from gateway.admin.api_http import AdminApi

Status = Callable[[], tuple[bool, dict[str, Any]]]


def admin_app(
    registry: CollectorRegistry, jwks: Callable[[], dict[str, Any]], status: Status, api: AdminApi | None = None
) -> web.Application:
    """The application. ``status`` says whether the gateway can serve, and details without secrets for the operator."""

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"}, headers={"Cache-Control": "no-store"})

    async def ready(_: web.Request) -> web.Response:
        fit, details = status()
        body = {"status": "ready" if fit else "not ready", **details}
        return web.json_response(body, status=200 if fit else 503, headers={"Cache-Control": "no-store"})

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def keys(_: web.Request) -> web.Response:
        return web.json_response(
            jwks(), content_type="application/jwk-set+json", headers={"Cache-Control": "public, max-age=300"}
        )

    app = web.Application(middlewares=() if api is None else (api.middleware(),))
    app.router.add_get("/healthz", health)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/.well-known/jwks.json", keys)
    if api is not None:
        api.add_to(app.router)
    return app
