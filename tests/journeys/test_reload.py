"""Reloads: atomic, and a broken rule set leaves the old one serving."""

import asyncio
import json
from pathlib import Path

from tests.journeys.world import world

RULES = """
route orders { match GET on "/orders/**"  trust corp  upstream setting.service }
allow read on orders always
"""


async def test_rules_change_and_broken_rules_do_not(tmp_path: Path) -> None:
    async with world(tmp_path, RULES) as w:
        token = w.token()
        assert (await w.ask("GET", "/orders/1", token)).status == 200
        good = w.rules.read_text(encoding="utf-8")
        w.rules.write_text(good + 'deny all_of_it on orders when claims.tenant == "acme"\n', encoding="utf-8")
        assert await w.gateway.reload.reload()
        assert (await w.ask("GET", "/orders/1", token)).status == 403
        w.rules.write_text(good + "deny broken on orders when claims.nope\n", encoding="utf-8")
        assert not await w.gateway.reload.reload()
        assert (await w.ask("GET", "/orders/1", token)).status == 403
        status, text = await w.get_admin("/readyz")
        assert status == 200
        assert "nope" in json.loads(text)["last_failure"]["reason"]
        assert any("the plan in force serves on" in line for line in w.said)
        w.rules.write_text(good, encoding="utf-8")
        assert await w.gateway.reload.reload()
        assert (await w.ask("GET", "/orders/1", token)).status == 200
        assert json.loads((await w.get_admin("/readyz"))[1])["last_failure"] is None


async def test_each_request_is_served_wholly_by_one_plan(tmp_path: Path) -> None:
    """Rules come in pairs that agree with each other and never across plans."""
    pair = 'request headers on orders {{ set X-A "{0}"  set X-B "{0}" }}\n'
    async with world(tmp_path, RULES + pair.format("v0")) as w:
        good = w.rules.read_text(encoding="utf-8")
        token, done = w.token(), asyncio.Event()
        seen: list[tuple[list[str], list[str]]] = []

        async def keep_asking() -> None:
            while not done.is_set():
                reply = await w.ask("GET", "/orders/1", token)
                assert reply.status == 200
                seen.append((reply.seen("X-A"), reply.seen("X-B")))

        asking = [asyncio.create_task(keep_asking()) for _ in range(4)]
        for version in ("v1", "v2"):
            w.rules.write_text(good.replace("v0", version), encoding="utf-8")
            assert await w.gateway.reload.reload()
        final = await w.ask("GET", "/orders/1", token)
        done.set()
        await asyncio.gather(*asking)
        assert final.seen("X-A") == ["v2"]
        assert {tuple(a) for a, _ in seen} <= {("v0",), ("v1",), ("v2",)}
        assert all(a == b for a, b in seen)


async def test_reloads_asked_for_at_once_are_one_after_the_other(tmp_path: Path) -> None:
    async with world(tmp_path, RULES) as w:
        assert all(await asyncio.gather(*(w.gateway.reload.reload() for _ in range(4))))
        assert sum("in force" in line for line in w.said) <= 4
