"""Usage over a running gateway: what clients did is what the operator reads, by user, route, policy and hour."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway.commands.usage import command
from gateway.settings import StoreSettings
from gateway.usage import meter
from tests.journeys.world import CLAIMS, World, world
from tests.servers.process import StoreProcess

CREDENTIAL = "0123456789abcdef0123456789abcdef"
RULES = """
policy free { rate 1 per 1min burst 3 }
policy gold { rate 100 per 1s burst 100 }
select policy on orders { use gold when claims.plan == "gold"  use free otherwise }
route orders { match GET on "/orders/**"  trust corp  upstream setting.service }
route ops { match GET on "/ops/**"  trust corp  upstream setting.service }
allow read on orders always
allow work on ops when "ops" in claims.scope
"""
PLANS = CLAIMS + '  plan: one of "free", "gold" default "free"'


async def ask(w: World, folder: Path, *arguments: str, stdin: str = "") -> Result:
    """Run ``policylang usage`` beside the gateway, as another process would."""
    (folder / "credential").write_text(CREDENTIAL, encoding="ascii")
    given = ["--url", w.admin, "--credential-file", str(folder / "credential"), *arguments]
    return await asyncio.to_thread(CliRunner().invoke, command, given, input=stdin)


async def told(w: World, folder: Path, requests: int, *arguments: str, stdin: str = "") -> dict[str, Any]:
    """The answer as JSON, once the figures of so many requests are there."""
    for _ in range(600):
        done = await ask(w, folder, *arguments, "--format", "json", stdin=stdin)
        assert done.exit_code == 0, done.output
        answer: dict[str, Any] = json.loads(done.stdout)
        if answer["total"]["requests"] >= requests:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"the figures of {requests} requests did not come")


async def act(w: World) -> None:
    """Four of ana's, one of them limited; one of bo's denied; two of cy's; one of nobody's."""
    assert [(await w.ask("GET", "/orders/1", w.token(sub="ana"))).status for _ in range(4)] == [200, 200, 200, 429]
    assert (await w.ask("GET", "/ops/1", w.token(sub="bo"))).status == 403
    assert (await w.ask("GET", "/orders/1", w.token(sub="cy", plan="gold"))).status == 200
    assert (await w.ask("GET", "/ops/1", w.token(sub="cy", scope="ops"))).status == 200
    assert (await w.ask("GET", "/nowhere")).status == 404


@pytest.mark.parametrize("kind", ["memory", "sqlite", "redis"])
async def test_an_operator_reads_what_clients_did(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meter, "DELIVER_SECONDS", 0.25)
    url = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path / 'state.db'}"}.get(kind)
    if url is None:
        server: StoreProcess = request.getfixturevalue("valkey_server")
        url = f"redis://{server.address}"
    store = StoreSettings(url=url, namespace=namespace, timeout_seconds=5.0)
    async with world(tmp_path, RULES, claims=PLANS, admin_credential=CREDENTIAL.encode(), store=store) as w:
        await act(w)
        everything = await told(w, tmp_path, 8, "--group", "route")
        assert {row["route"]: row["requests"] for row in everything["groups"]} == {"orders": 5, "ops": 2, "": 1}
        total = everything["total"]
        assert (total["admitted"], total["limited"], total["denied"]) == (5, 1, {"no_allow": 1, "no_route": 1})
        assert total["bytes_out"] > 500
        assert 0 < total["latency_us"]["p50"] <= total["latency_us"]["p99"]

        of_ana = await told(w, tmp_path, 4, "--issuer", "corp", "--group", "policy", stdin="ana\n")
        assert [(row["policy"], row["admitted"], row["limited"]) for row in of_ana["groups"]] == [("free", 3, 1)]
        top = await told(w, tmp_path, 7, "--top", "5")
        assert [row["requests"] for row in top["groups"]] == [4, 2, 1]
        assert top["groups"][0]["identity"] == of_ana["identity"]
        nobody = await told(w, tmp_path, 1, "--identity", "anonymous")
        assert nobody["total"]["denied"] == {"no_route": 1}
        table = await ask(w, tmp_path, "--issuer", "corp", stdin="ana")
        assert of_ana["identity"] in table.stdout
        assert "ana" not in table.stdout.replace(of_ana["identity"], "")
        rows = list(csv.DictReader(io.StringIO((await ask(w, tmp_path, "--format", "csv")).stdout)))
        assert sum(int(row["requests"]) for row in rows) == 8


async def test_figures_outlive_the_gateway_and_are_counted_once(tmp_path: Path) -> None:
    store = StoreSettings(url=f"sqlite:///{tmp_path / 'state.db'}")
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with world(folder, RULES, claims=PLANS, admin_credential=CREDENTIAL.encode(), store=store) as w:
            if number == 2:
                answer = await told(w, folder, 8)
                assert answer["total"]["requests"] == 8
            else:
                await act(w)  # what the meter has not delivered when the gateway stops goes to the store then


async def test_users_without_requests_and_wrong_credentials(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, claims=PLANS, admin_credential=CREDENTIAL.encode()) as w:
        done = await ask(w, tmp_path, "--issuer", "corp", stdin="nobody")
        assert done.exit_code == 1
        assert "no requests: Usage of " in done.stderr
        done = await ask(w, tmp_path, "--issuer", "nowhere", stdin="ana")
        assert done.exit_code == 1
        (tmp_path / "wrong").write_text("x" * 40, encoding="ascii")
        wrong = ["--url", w.admin, "--credential-file", str(tmp_path / "wrong")]
        done = await asyncio.to_thread(CliRunner().invoke, command, wrong)
        assert done.exit_code == 1
        assert "the credential is not the gateway's admin.credential" in done.stderr
