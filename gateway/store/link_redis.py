"""The link to a Redis store, whatever its shape: a shard's place is found, its server asked, its redirections followed."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from redis import exceptions as errors

from gateway.store.address import Place, StoreAddress, read_address
from gateway.store.connect_redis import Access, AnyConnection, connection_to
from gateway.store.follow_redis import Entries, FollowRedis
from gateway.store.link import Script, StoreFault
from gateway.store.places_redis import ClusterPlaces, OnePlace, Places, SentinelPlaces
from gateway.store.server_redis import Call, Listener, ServerRedis
from gateway.store.shards import SHARDS

REFRESH_PAUSE = 0.2


class LinkRedis:
    """A RedisLink. Made inside the event loop that uses it."""

    def __init__(self, address: StoreAddress, access: Access, places: Places, namespace: str, timeout: float) -> None:
        self.namespace = namespace
        self.clustered = address.kind == "cluster"
        self._access = access
        self._timeout = timeout
        self._finder = places
        self._loop = asyncio.get_running_loop()
        self._places: Sequence[Place | None] = (address.places[0] if places.certain else None,) * SHARDS
        self._known = places.certain
        self._servers: dict[Place, ServerRedis] = {}
        self._searching: asyncio.Task[None] | None = None
        self._homeless: list[Call] = []
        self._leaving: set[asyncio.Task[None]] = set()
        self._follow = FollowRedis(self._connect)
        self._closed = False

    @property
    def well(self) -> bool:
        """Whether every server that is in use answers, as far as is known."""
        return self._known and all(server.breaker.state == "closed" for server in self._servers.values())

    @property
    def opened(self) -> int:
        """How often a breaker opened since the start."""
        return sum(server.breaker.opened for server in self._servers.values())

    def call(self, script: Script, shard: int, keys: Sequence[bytes], args: Sequence[bytes]) -> asyncio.Future[Any]:
        """Run a script where ``shard`` lives; see the port."""
        call = Call(script, shard, keys, args, self._loop.create_future())
        place = self._places[shard]
        if self._closed:
            call.fail("closed")
        elif place is not None:
            self._server(place).submit(call)
        else:
            if not self._homeless:
                self._loop.call_later(self._timeout, self._give_up, self._homeless)
            self._homeless.append(call)
            self._search()
        return call.reply

    async def follow(self, cursors: Mapping[bytes, bytes], wait_seconds: float) -> Entries:
        """XREAD of streams; see the port."""
        if not self._known:
            self._search()
            raise StoreFault("unknown", "not")
        by_place: dict[Place, dict[bytes, bytes]] = {}
        for key, at in cursors.items():
            place = self._places[shard_in(key)]
            if place is None:
                self._search()
                raise StoreFault("unknown", "not")
            by_place.setdefault(place, {})[key] = at
        try:
            if not self.clustered and len(by_place) == 1:
                return await self._follow.read_one(*next(iter(by_place.items())), wait_seconds)
            return await self._follow.read_many(by_place, wait_seconds)
        except StoreFault:
            self._search()
            raise

    async def close(self) -> None:
        """Close every connection; calls without a reply are settled with a fault."""
        self._closed = True
        if self._searching is not None:
            self._searching.cancel()
            await asyncio.gather(self._searching, return_exceptions=True)
        self._give_up(self._homeless)
        await self._follow.close()
        for server in self._servers.values():
            await server.close()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    def _connect(self, place: Place) -> AnyConnection:
        return connection_to(place, self._access, self._timeout)

    def _server(self, place: Place) -> ServerRedis:
        server = self._servers.get(place)
        if server is None:
            listener = Listener(self._redirected, self._search)
            server = self._servers[place] = ServerRedis(partial(self._connect, place), self._timeout, listener)
        return server

    def _redirected(self, call: Call, error: errors.AskError) -> None:
        """MOVED: the shard lives there from now on. ASK: this one call goes there (Redis Cluster specification)."""
        place = (error.host, error.port)
        if isinstance(error, errors.MovedError):
            places = list(self._places)
            places[call.shard] = place
            self._places = places
            self._search()
        else:
            call.asking = True
        self._server(place).submit(call)

    def _search(self) -> None:
        """Ask again where the shards are, unless that is being asked already."""
        if self._searching is None and not self._finder.certain and not self._closed:
            self._searching = self._loop.create_task(self._find())

    async def _find(self) -> None:
        try:
            places = await self._finder.find()
        except StoreFault:
            # Nobody knows: what is known stays, and is asked about again at the next sign of doubt.
            await asyncio.sleep(REFRESH_PAUSE)
        else:
            self._settle(places)
            await asyncio.sleep(REFRESH_PAUSE if self._homeless else 0)
        finally:
            self._searching = None
        if self._homeless:
            self._search()

    def _settle(self, places: Sequence[Place | None]) -> None:
        self._places, self._known = places, True
        for gone in set(self._servers) - set(places):
            leaving = self._loop.create_task(self._servers.pop(gone).close())
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
        waiting, self._homeless = self._homeless, []
        for call in waiting:
            home = places[call.shard]
            if home is None:
                call.fail("down")
            elif not call.reply.done():
                self._server(home).submit(call)

    def _give_up(self, waiting: list[Call]) -> None:
        for call in waiting:
            call.fail("unknown")
        waiting.clear()


def shard_in(key: bytes) -> int:
    """The shard that a key was made for.

    >>> shard_in(b"policylang:{7}:changes")
    7
    """
    return int(key[key.index(b"{") + 1 : key.index(b"}")])


def open_link(
    url: str,
    *,
    username: str | None = None,
    password: str | None = None,
    sentinel_password: str | None = None,
    tls_ca: Path | None = None,
    tls_certificate: Path | None = None,
    tls_key: Path | None = None,
    namespace: str = "policylang",
    timeout: float = 0.25,
) -> LinkRedis:
    """A link to the store at ``url``; nothing is connected before it is needed. ``timeout`` in seconds, for each call.

    Raises:
        AddressRefused: the URL says nothing that could be connected to.
        OSError: the files for TLS cannot be read.
    """
    address = read_address(url)
    if address.tls:
        _try_files(tls_ca, tls_certificate, tls_key)
    access = Access(address.tls, username, password, tls_ca, tls_certificate, tls_key, address.database)
    searching = replace(access, database=0)
    if address.kind == "sentinel":
        searching = replace(searching, username=None, password=sentinel_password)

    def connect(place: Place) -> AnyConnection:
        return connection_to(place, searching, timeout)

    places: Places = OnePlace(address.places[0])
    if address.kind == "cluster":
        places = ClusterPlaces(address.places, connect, timeout)
    elif address.kind == "sentinel":
        places = SentinelPlaces(address.places, address.service, connect, timeout)
    return LinkRedis(address, access, places, namespace, timeout)


def _try_files(ca: Path | None, certificate: Path | None, key: Path | None) -> None:
    """Read them once at the start, as every connection will: what is wrong with them is not an outage."""
    context = ssl.create_default_context(cafile=ca)
    if certificate is not None and key is not None:
        context.load_cert_chain(certificate, key)
