"""Against a real server on a port of the system's choice."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from gateway.authn.key_fetch import Fetched, FetchFailed, KeyPlace
from gateway.authn.key_fetch_http import KeyFetcherHttp

SECOND = 1_000_000
LISTED = frozenset(("127.0.0.1", "localhost"))
Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Site:
    """A server on loopback whose answers a test writes; ``seen`` are the requests."""

    def __init__(self) -> None:
        self.answers: dict[str, Handler] = {}
        self.seen: list[web.BaseRequest] = []
        self.origin = ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.seen.append(request)
        answer = self.answers.get(request.path)
        return web.Response(status=404) if answer is None else await answer(request)

    def says(self, path: str, body: bytes | object, status: int = 200, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(_request: web.BaseRequest) -> web.Response:
            return web.Response(status=status, body=data, headers=lines)

        self.answers[path] = answer


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = web.Server(site.handle)
    runner = web.ServerRunner(server)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    site.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


@pytest.fixture
async def fetcher() -> AsyncIterator[KeyFetcherHttp]:
    fetcher = KeyFetcherHttp(LISTED, time_limit=60.0, max_bytes=4096)
    yield fetcher
    await fetcher.close()


async def reason(fetcher: KeyFetcherHttp, url: str) -> str:
    answer = await fetcher.fetch(KeyPlace("url", url))
    assert isinstance(answer, FetchFailed)
    return answer.reason


async def test_a_key_set(site: Site, fetcher: KeyFetcherHttp) -> None:
    site.says("/jwks", {"keys": []}, Cache_Control="public, max-age=600", Age="100")
    answer = await fetcher.fetch(KeyPlace("url", site.origin + "/jwks?v=1"))
    assert answer == Fetched({"keys": []}, 500 * SECOND)
    (request,) = site.seen
    assert request.query_string == "v=1"
    assert request.headers["Accept-Encoding"] == "identity"
    assert "Cookie" not in request.headers


async def test_localhost_by_name(site: Site, fetcher: KeyFetcherHttp) -> None:
    site.says("/jwks", {"keys": []})
    url = site.origin.replace("127.0.0.1", "localhost") + "/jwks"
    assert await fetcher.fetch(KeyPlace("url", url)) == Fetched({"keys": []}, None)


async def test_cookies_are_not_kept(site: Site, fetcher: KeyFetcherHttp) -> None:
    site.says("/jwks", {"keys": []}, Set_Cookie="a=b")
    for _ in range(2):
        await fetcher.fetch(KeyPlace("url", site.origin + "/jwks"))
    assert [request.headers.get("Cookie") for request in site.seen] == [None, None]


@pytest.mark.parametrize("status", [201, 204, 301, 302, 304, 307, 308, 400, 401, 404, 500, 503])
async def test_other_statuses_and_redirects(site: Site, fetcher: KeyFetcherHttp, status: int) -> None:
    site.says("/jwks", b"" if status in {204, 304} else {"keys": []}, status, Location=site.origin + "/other")
    site.says("/other", {"keys": []})
    assert await reason(fetcher, site.origin + "/jwks") == f"status_{status}"
    assert [request.path for request in site.seen] == ["/jwks"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "not_json"),
        (b"<html>", "not_json"),
        (b"[]", "not_object"),
        (b'"x"', "not_object"),
        (b'{"keys":[],"keys":[]}', "duplicate_member"),
        (b'{"keys":NaN}', "not_a_number"),
        (b"\xef\xbb\xbf{}", "bom"),
        (b"\xff", "not_utf8"),
        (b'{"a":' * 100, "too_deep"),
        (b" " * 4097, "too_large"),
    ],
)
async def test_bodies_that_are_no_strict_object(
    site: Site, fetcher: KeyFetcherHttp, body: bytes, expected: str
) -> None:
    site.says("/jwks", body)
    assert await reason(fetcher, site.origin + "/jwks") == expected


async def test_an_endless_body_is_cut(site: Site, fetcher: KeyFetcherHttp) -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 1024)

    site.answers["/jwks"] = endless
    assert await reason(fetcher, site.origin + "/jwks") == "too_large"


async def test_a_compressed_body_is_not_unpacked(site: Site, fetcher: KeyFetcherHttp) -> None:
    site.says("/jwks", gzip.compress(b'{"keys":[]}'), Content_Encoding="gzip")
    assert await reason(fetcher, site.origin + "/jwks") == "encoded_body"


async def test_a_body_that_breaks_off(site: Site, fetcher: KeyFetcherHttp) -> None:
    async def broken(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"keys":[]}')
        assert request.transport is not None
        request.transport.abort()
        return response

    site.answers["/jwks"] = broken
    assert await reason(fetcher, site.origin + "/jwks") == "unreachable"


async def test_a_server_that_does_not_answer(site: Site) -> None:
    released = asyncio.Event()

    async def silent(_request: web.BaseRequest) -> web.Response:
        await released.wait()
        return web.Response()

    site.answers["/jwks"] = silent
    fetcher = KeyFetcherHttp(LISTED, time_limit=0.05)
    assert await reason(fetcher, site.origin + "/jwks") == "timeout"
    released.set()
    await fetcher.close()


async def test_nobody_listens(site: Site, fetcher: KeyFetcherHttp) -> None:
    listener = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    listener.close()
    await listener.wait_closed()
    assert await reason(fetcher, f"http://127.0.0.1:{port}/jwks") == "unreachable"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://id.example/jwks", "url_refused"),
        ("ftp://127.0.0.1/jwks", "url_refused"),
        ("file:///etc/passwd", "url_refused"),
        ("https://user:pw@127.0.0.1/", "url_refused"),
        ("https://10.0.0.1/jwks", "address_refused"),
        ("https://169.254.169.254/latest/meta-data", "address_refused"),
        ("https://[fd00::1]/jwks", "address_refused"),
        ("https://[::ffff:127.0.0.1]/jwks", "address_refused"),
        ("https://0.0.0.0/jwks", "address_refused"),
        ("https://2130706433/jwks", "url_refused"),
        ("https://0x7f.1/jwks", "url_refused"),
        ("https://127.1/jwks", "url_refused"),
    ],
)
async def test_addresses_that_are_never_asked(fetcher: KeyFetcherHttp, url: str, expected: str) -> None:
    assert await reason(fetcher, url) == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_this_machine_is_not_asked_unless_it_is_listed(site: Site, host: str) -> None:
    site.says("/jwks", {"keys": []})
    fetcher = KeyFetcherHttp(frozenset(("other.internal",)), time_limit=60.0)
    assert await reason(fetcher, site.origin.replace("127.0.0.1", host) + "/jwks") == "address_refused"
    assert site.seen == []
    await fetcher.close()


async def test_plain_http_is_not_opened_by_listing_a_host() -> None:
    fetcher = KeyFetcherHttp(frozenset(("10.0.0.1", "keys.internal")))
    assert await reason(fetcher, "http://10.0.0.1/jwks") == "url_refused"
    assert await reason(fetcher, "http://keys.internal/jwks") == "url_refused"
    await fetcher.close()


OPENID = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"


@pytest.mark.parametrize(
    ("issuer", "path"), [("", OPENID), ("", OAUTH), ("/t1", "/t1" + OPENID), ("/t1", OAUTH + "/t1")]
)
async def test_discovery(site: Site, fetcher: KeyFetcherHttp, issuer: str, path: str) -> None:
    site.says(path, {"issuer": site.origin + issuer, "jwks_uri": site.origin + "/jwks"})
    site.says("/jwks", {"keys": []}, Cache_Control="max-age=60")
    answer = await fetcher.fetch(KeyPlace("discovered", site.origin + issuer))
    assert answer == Fetched({"keys": []}, 60 * SECOND)


@pytest.mark.parametrize("other", ["https://id.example", "/", "x"])
async def test_a_document_that_speaks_for_another(site: Site, fetcher: KeyFetcherHttp, other: str) -> None:
    for path in (OPENID, OAUTH):
        site.says(path, {"issuer": other if "://" in other else site.origin + other, "jwks_uri": site.origin + "/jwks"})
    site.says("/jwks", {"keys": []})
    assert await fetcher.fetch(KeyPlace("discovered", site.origin)) == FetchFailed("issuer_mismatch")
    assert "/jwks" not in [request.path for request in site.seen]


async def test_the_second_document_counts_where_the_first_is_bad(site: Site, fetcher: KeyFetcherHttp) -> None:
    site.says(OPENID, {"issuer": "https://evil.example", "jwks_uri": site.origin + "/evil"})
    site.says(OAUTH, {"issuer": site.origin, "jwks_uri": site.origin + "/jwks"})
    site.says("/jwks", {"keys": []})
    assert isinstance(await fetcher.fetch(KeyPlace("discovered", site.origin)), Fetched)


@pytest.mark.parametrize(
    ("jwks_uri", "expected"),
    [
        (None, "jwks_uri_missing"),
        ("http://id.example/jwks", "url_refused"),
        ("https://10.0.0.1/jwks", "address_refused"),
    ],
)
async def test_a_document_that_names_no_good_address(
    site: Site, fetcher: KeyFetcherHttp, jwks_uri: str | None, expected: str
) -> None:
    for path in (OPENID, OAUTH):
        site.says(path, {"issuer": site.origin, "jwks_uri": jwks_uri})
    assert await fetcher.fetch(KeyPlace("discovered", site.origin)) == FetchFailed(expected)


async def test_no_document_at_all(site: Site, fetcher: KeyFetcherHttp) -> None:
    assert await fetcher.fetch(KeyPlace("discovered", site.origin)) == FetchFailed("status_404")
    assert await fetcher.fetch(KeyPlace("discovered", "http://id.example")) == FetchFailed("url_refused")
