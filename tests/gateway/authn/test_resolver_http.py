import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.authn.resolver_http import AddressRefused, CheckedResolver


class Names(AbstractResolver):
    """A name server with one answer for every name."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        self.closed = True


async def test_private_addresses_are_left_out() -> None:
    resolver = CheckedResolver(Names("10.0.0.1", "1.1.1.1", "127.0.0.1", "2606:4700::1111"), frozenset())
    assert [found["host"] for found in await resolver.resolve("id.example", 443)] == ["1.1.1.1", "2606:4700::1111"]


@pytest.mark.parametrize("host", ["id.example", "LOCALHOST.example", "2130706433"])
async def test_nothing_left_is_an_error(host: str) -> None:
    with pytest.raises(AddressRefused):
        await CheckedResolver(Names("10.0.0.1", "::1"), frozenset()).resolve(host, 443)
    with pytest.raises(AddressRefused):
        await CheckedResolver(Names(), frozenset()).resolve(host, 443)


async def test_listed_hosts_compare_without_case() -> None:
    resolver = CheckedResolver(Names("10.0.0.1"), frozenset(("keys.internal",)))
    assert [found["host"] for found in await resolver.resolve("Keys.Internal", 443)] == ["10.0.0.1"]


async def test_closing_closes_the_resolver_behind() -> None:
    inner = Names()
    await CheckedResolver(inner, frozenset()).close()
    assert inner.closed
