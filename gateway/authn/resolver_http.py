"""Name resolution for key fetches: an address that may not be connected to is not handed out.

The check stands here, not before the request: what was checked is what the connection uses, whatever a second look-up
would have said.
"""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.authn.addresses import may_connect


class AddressRefused(OSError):
    """Every address of the name is one that keys may not be fetched from."""


class CheckedResolver(AbstractResolver):
    """Another resolver's answers, less the addresses that ``may_connect`` refuses."""

    def __init__(self, inner: AbstractResolver, listed: frozenset[str]) -> None:
        self._inner = inner
        self._listed = listed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses that may be connected to; AddressRefused where none is left."""
        found = await self._inner.resolve(host, port, family)
        allowed = [one for one in found if may_connect(host.lower(), one["host"], self._listed)]
        if not allowed:
            raise AddressRefused
        return allowed

    async def close(self) -> None:
        """Close the resolver behind this one."""
        await self._inner.close()
