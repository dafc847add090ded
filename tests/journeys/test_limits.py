"""Limits over HTTP: shared by every token of a person, by groups, by routes, and told to the client."""

import asyncio
from pathlib import Path

from tests.journeys.world import CLAIMS, world

RULES = """
policy free { rate 1 per 1min burst 3 }
policy gold { rate 100 per 1s burst 100  quota 4 per day }
select policy on orders { use gold when claims.plan == "gold"  use free otherwise }
route orders { match GET on "/orders/**"  trust corp  upstream setting.service }
route shared { match GET on "/shared/**"  trust corp  upstream setting.service }
allow read on orders always
allow all_of_it on shared always
limit team on shared by claims.tenant { quota 5 per 1h from first use  on outage deny }
"""
PLANS = CLAIMS + '  plan: one of "free", "gold" default "free"'


async def test_a_rate_holds_across_the_tokens_of_a_person(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, claims=PLANS) as w:
        statuses = [(await w.ask("GET", "/orders/1", w.token(n=n))).status for n in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = await w.ask("GET", "/orders/1", w.token())
        assert refused.code == "limited"
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert refused.headers["RateLimit-Policy"] == '"rate";q=3;w=180'
        assert (await w.ask("GET", "/orders/1", w.token(sub="u2"))).status == 200


async def test_a_quota_tells_what_is_left(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, claims=PLANS) as w:
        left = [(await w.ask("GET", "/orders/1", w.token(plan="gold"))).headers["RateLimit"] for _ in range(4)]
        assert [text.split('"quota";')[1].split(";")[0] for text in left] == ["r=3", "r=2", "r=1", "r=0"]
        assert (await w.ask("GET", "/orders/1", w.token(plan="gold"))).status == 429


async def test_a_group_shares_a_limit(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, claims=PLANS) as w:
        asks = [w.ask("GET", "/shared/x", w.token(sub=f"u{n}", tenant="acme")) for n in range(9)]
        statuses = sorted(reply.status for reply in await asyncio.gather(*asks))
        assert statuses == [200] * 5 + [429] * 4
        assert (await w.ask("GET", "/shared/x", w.token(tenant="globex"))).status == 200


async def test_refused_requests_are_not_charged(tmp_path: Path) -> None:
    async with world(tmp_path, RULES + 'deny never on orders when claims.tenant == "banned"\n', claims=PLANS) as w:
        for _ in range(6):
            assert (await w.ask("GET", "/orders/1", w.token(tenant="banned"))).status == 403
        assert (await w.ask("GET", "/orders/1", w.token())).status == 200
