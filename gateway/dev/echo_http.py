"""A service for trying things out: it answers with the request as it arrived."""

from aiohttp import web

MAX_BODY = 1 << 20


async def echo(request: web.BaseRequest) -> web.Response:
    """JSON: method, path, header pairs in order, and the body's length. An internal header shows what may leak."""
    body = await request.read() if request.body_exists else b""
    return web.json_response(
        {
            "method": request.method,
            "path": request.raw_path,
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.raw_headers],
            "body_bytes": len(body),
        },
        headers={"X-Internal-Host": "echo-1"},
    )


def echo_server() -> web.Server:
    """A low-level server that echoes every request."""
    return web.Server(echo)
