"""One gateway's worth of steps, in a process of its own: writes a byte for each admission as soon as it is known.

Arguments: the store's URL, the namespace, the kind of limits, how many steps, how many at once. It writes ``r`` when it is
ready and waits for a line; then ``+`` for each admission, and at its end a line with its counts as JSON.
"""

import asyncio
import json
import os
import sys
import time

from gateway.message.parked import settle
from gateway.message.ports import Outage, Stepped
from gateway.quota.limits_redis import LimitsRedis
from gateway.store.eras_redis import ErasRedis
from gateway.store.link import StoreFault
from gateway.store.link_redis import open_link
from policylang.embed import Charge, plan_model

LIMIT = 1_000
YEAR = 366 * 86_400_000_000
USERS = 40


def charge(name: str, value: bytes, amount: plan_model.Amount) -> Charge:
    """A charge as a plan makes it."""
    text = name.encode()
    return Charge(name, len(text).to_bytes(4, "big") + text + value, amount, "deny")


def charges(kind: str, number: int) -> list[Charge]:
    """``identity``: one identity's rate and quota of 1,000. ``shards``: many identities, and a route's quota of 1,000."""
    if kind == "identity":
        who = b"i" + bytes(16)
        return [
            charge("rate", who, plan_model.Rate(LIMIT, YEAR, LIMIT)),
            charge("quota", who, plan_model.Quota(LIMIT, "anchored", YEAR, "")),
        ]
    who = b"i" + (number % USERS).to_bytes(16, "big")
    return [
        charge("quota", who, plan_model.Quota(LIMIT, "month", 0, "UTC")),
        charge("tenant", b"t%d" % (number % 3), plan_model.Quota(LIMIT, "anchored", YEAR, "")),
        charge("route", b"rorders", plan_model.Quota(LIMIT, "anchored", YEAR, "")),
    ]


async def work(url: str, namespace: str, kind: str, steps: int, width: int, patience: float) -> None:
    """Run the steps, ``width`` at a time. ``patience``: seconds for which an answer is waited."""
    link = open_link(url, namespace=namespace, timeout=patience)
    eras = ErasRedis(link)
    while True:
        try:
            await eras.learn()
            break
        except StoreFault:  # a node may be in trouble already
            await asyncio.sleep(0.1)
    limits = LimitsRedis(link, eras)
    os.write(1, b"r")
    sys.stdin.readline()
    counts = {"admitted": 0, "refused": 0, "outage": 0}
    numbers = iter(range(steps))

    async def lane(place: int) -> None:
        for number in numbers:
            holder = b"%d-%d-%d" % (os.getpid(), place, number)
            answer: Stepped = await settle(limits.step(charges(kind, number), time.time_ns() // 1000, holder))
            if isinstance(answer, Outage) or any(isinstance(one, Outage) for one in answer):
                refused = not isinstance(answer, Outage) and any(
                    not one.admitted for one in answer if not isinstance(one, Outage)
                )
                counts["refused" if refused else "outage"] += 1
            elif all(not isinstance(one, Outage) and one.admitted for one in answer):
                counts["admitted"] += 1
                os.write(1, b"+")
            else:
                counts["refused"] += 1

    await asyncio.gather(*(lane(place) for place in range(width)))
    os.write(1, b"\n" + json.dumps(counts | {"reasons": limits.outages}).encode() + b"\n")
    await asyncio.sleep(0.3)
    await link.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), float(sys.argv[6])))
