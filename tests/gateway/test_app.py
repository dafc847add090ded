"""The whole gateway, wired: what is listening, what the admin sees, and starts that fail with a word on what to do."""

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.app import CannotStart, running
from gateway.policy.reload import Source
from gateway.settings import Address, Settings
from policylang.plan.codec import encode
from tests.journeys.world import world
from tests.strategies.spine import UPSTREAM, plan_of

OPEN = f'route open {{ match GET on "/open"  trust anonymous  {UPSTREAM} }}\nallow see on open always\n'
QUIET = replace(
    Settings(), listen=Address("127.0.0.1", 0), admin=Address("127.0.0.1", 0), decision_log="none", drain_seconds=0.1
)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "plan.json"
    path.write_bytes(encode(plan_of(OPEN, "language 1\n")))
    return Source(path, None, None)


async def refusal(source: Source, **settings: Any) -> str:
    """Why the gateway does not start."""
    async with AsyncExitStack() as stack:
        with pytest.raises(CannotStart) as caught:
            await stack.enter_async_context(running(replace(QUIET, **settings), source, lambda _: None))
    return str(caught.value)


async def test_it_serves_while_the_block_runs_and_no_longer(source: Source) -> None:
    said: list[str] = []
    async with running(QUIET, source, said.append) as gateway:
        assert gateway.plans.current.names.routes == ("open",)
        reader, writer = await asyncio.open_connection(gateway.clients.host, gateway.clients.port)
        writer.write(b"GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 404 Not Found\r\n"
        writer.close()
    for address in (gateway.clients, gateway.admin):
        with pytest.raises(OSError, match=r"Connect call failed|refused"):
            await asyncio.open_connection(address.host, address.port)
    assert len([line for line in said if line.startswith("warning: ")]) == 2


async def test_without_a_plan_nothing_listens(source: Source) -> None:
    source.path.write_bytes(b"{}")
    assert (await refusal(source)).startswith("plan.json: ")


async def test_files_that_cannot_be_used_are_named(source: Source, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("sesame", encoding="utf-8")
    none = tmp_path / "none.pem"
    for said in (
        await refusal(source, signing_keys=(none,)),
        await refusal(source, signing_keys=(bad,)),
    ):
        assert said.startswith("identity_tokens.keys: ")
        assert "sesame" not in said
    assert (await refusal(source, tls_certificate=bad, tls_key=bad)).startswith("listen.tls_certificate")
    assert "cannot be written" in await refusal(source, decision_log=str(tmp_path / "none" / "log"))


async def test_addresses_in_use_are_named(source: Source) -> None:
    async with running(QUIET, source, lambda _: None) as gateway:
        assert f"cannot listen on {gateway.clients}" in await refusal(source, listen=gateway.clients)
        assert f"cannot listen on {gateway.admin}" in await refusal(source, admin=gateway.admin)


async def test_an_identity_key_of_any_length_from_32_bytes_is_taken(source: Source) -> None:
    for length in (32, 64, 65, 1000):
        async with running(replace(QUIET, identity_key=b"k" * length), source, lambda _: None) as gateway:
            assert gateway.plans.ready


async def test_the_admin_sees_readiness_keys_and_counts(tmp_path: Path) -> None:
    rules = 'route a { match GET on "/a"  trust corp  upstream setting.service }\nallow x on a always\n'
    async with world(tmp_path, rules) as w:
        assert (await w.ask("GET", "/a", w.token())).status == 200
        status, text = await w.get_admin("/readyz")
        details = json.loads(text)
        assert (status, details["plan"]) == (200, w.gateway.plans.current.names.digest)
        assert details["keys"][0]["issuers"] == ["corp"]
        assert details["last_failure"] is None
        _, metrics = await w.get_admin("/metrics")
        assert "tokens_verified" in metrics
        assert "plan_load_failed" in metrics
        assert json.loads((await w.get_admin("/.well-known/jwks.json"))[1])["keys"]
