"""Key sets and metadata documents over HTTP: small, quick, unencoded JSON objects from where the rules say, or a failure.

Law of this file: no redirect is followed, no proxy and no cookie of the environment is used, nothing is retried.
"""

import asyncio
import ipaddress
import ssl

import aiohttp
from aiohttp.resolver import ThreadedResolver

from gateway.authn.addresses import may_connect
from gateway.authn.discovery import PlaceRefused, key_set_url, metadata_urls, parse_url
from gateway.authn.key_fetch import Fetched, FetchFailed, KeyPlace, max_age
from gateway.authn.resolver_http import AddressRefused, CheckedResolver
from policylang.embed import JsonRefused, read_ijson

MAX_BODY_BYTES = 512 * 1024
TIME_LIMIT_SECONDS = 5.0

_HEADERS = {"Accept": "application/jwk-set+json, application/json", "Accept-Encoding": "identity"}


class KeyFetcherHttp:
    """A ``KeyFetcher``. ``listed``: lower-case hosts with private or loopback addresses that keys may come from.

    ``tls``: what certificates are checked against; None: the system's. Must be closed.
    """

    def __init__(
        self,
        listed: frozenset[str] = frozenset(),
        tls: ssl.SSLContext | None = None,
        time_limit: float = TIME_LIMIT_SECONDS,
        max_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._listed = listed
        self._tls = tls
        self._time_limit = time_limit
        self._max_bytes = max_bytes
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, place: KeyPlace) -> Fetched | FetchFailed:
        """One fetch of a key set, behind its metadata document where the place is discovered."""
        if place.kind == "url":
            return await self._get(place.value)
        try:
            urls = metadata_urls(place.value)
        except PlaceRefused as refused:
            return FetchFailed(refused.reason)
        address: str | None = None
        failure = FetchFailed("unreachable")
        for url in urls:
            answer = await self._get(url)
            if isinstance(answer, FetchFailed):
                failure = answer
                continue
            try:
                address = key_set_url(answer.document, place.value)
                break
            except PlaceRefused as refused:
                failure = FetchFailed(refused.reason)
        return failure if address is None else await self._get(address)

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _get(self, address: str) -> Fetched | FetchFailed:
        try:
            url = parse_url(address)
            self._check_literal(url.host or "")
            async with self._open().get(url, allow_redirects=False) as response:
                return await self._read(response)
        except PlaceRefused as refused:
            return FetchFailed(refused.reason)
        except aiohttp.ClientConnectorError as error:
            return FetchFailed("address_refused" if isinstance(error.os_error, AddressRefused) else "unreachable")
        except TimeoutError:
            return FetchFailed("timeout")
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError):
            return FetchFailed("unreachable")

    def _check_literal(self, host: str) -> None:
        """The resolver never sees a host that is an address already."""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return
        if not may_connect(host, host, self._listed):
            raise PlaceRefused("address_refused")

    async def _read(self, response: aiohttp.ClientResponse) -> Fetched | FetchFailed:
        if response.status != 200:
            return FetchFailed(f"status_{response.status}")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            return FetchFailed("encoded_body")  # unpacking could exceed every cap on what is read
        body = bytearray()
        async for chunk in response.content.iter_chunked(65536):
            body += chunk
            if len(body) > self._max_bytes:
                return FetchFailed("too_large")
        try:
            document = read_ijson(bytes(body), self._max_bytes)
        except JsonRefused as refused:
            return FetchFailed(refused.reason)
        if not isinstance(document, dict):
            return FetchFailed("not_object")
        stated = max_age(",".join(response.headers.getall("Cache-Control", [])), response.headers.get("Age", ""))
        return Fetched(document, stated)

    def _open(self) -> aiohttp.ClientSession:
        """The session, made inside the loop that uses it. Connections are not kept: fetches are minutes apart."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=CheckedResolver(ThreadedResolver(), self._listed),
                use_dns_cache=False,
                force_close=True,
                limit=8,
                ssl=self._tls or True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                connector_owner=True,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._time_limit),
                headers=_HEADERS,
                auto_decompress=False,
                trust_env=False,
            )
        return self._session
