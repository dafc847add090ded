"""Half a million live tokens and a million identities with metadata through one gateway, beside one with a thousand tokens.

``python -m bench.live_tokens [--tokens N] [--identities N] [--seconds N] [--store sqlite|valkey] [--ready N]``. Both gateways
have the same rules, settings and content of the store, and take turns under wrk; the many tokens have been seen before they are
measured. It is done once without identity tokens and once with some that live for ten minutes. Prints throughput, CPU for
a request, resident memory for a token with its identity, and the longest full garbage collection, by the clock and in CPU.
A file of SQLite is copied for each gateway; a Valkey server, which runs on the core of the load, is shared.
"""

import argparse
import asyncio
import contextlib
import hashlib
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from bench.load import MINTING, ROTATE, RULES
from bench.processes import CONNECTIONS, child, cpu, found, rss, serving_issuer, start_gateway, wrk
from bench.stores import fill
from bench.wire import free_port, wait_for
from gateway.dev.issuer_http import DevelopmentIssuer
from policylang.embed import plan_model, virtual_identity
from tests.servers.process import StoreProcess
from tests.servers.valkey import standalone

SERVERS = [sys.executable, "-m", "bench.wire_servers"]
FEW = 1_000
ROUNDS = 6
SETTINGS = """
[egress]
private_hosts = ["127.0.0.1"]
[identity]
key_file = "identity.key"
[store]
url = "STORE"
cached_records = 1_000_000
[tokens]
cache_entries = 600_000
[memory]
ready_callers = READY
"""
IDENTITY_KEY = b"k" * 64
METADATA = 'metadata { fresh within 30s  team: slug default "none"  roles: set of slug default [] }\n'
TEAM = 'request headers on orders { set X-Team "{metadata.team}"  set X-Roles metadata.roles joined by "," }\n'


@dataclass(frozen=True, slots=True)
class Setting:
    """What both variants have in common. ``file``: what each gateway gets a copy of; None where ``url`` is a server's."""

    issuer: DevelopmentIssuer
    service: int
    url: str
    file: Path | None
    many: Path
    few: Path
    tokens: int
    seconds: int
    ready: int


def main(tokens: int, identities: int, seconds: int, store: str, ready: int) -> int:
    """Print the table; 1 where an error was seen, many tokens cost more than 15 % or a collection took more than 20 ms of CPU."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="policylang-bench-")))
        issuer = stack.enter_context(serving_issuer())
        service = free_port()
        stack.enter_context(child([*SERVERS, "upstream", str(service), "0"], core=1))
        wait_for(service)
        server = None if store == "sqlite" else stack.enter_context(standalone())
        file = folder / "state.db" if server is None else None
        url = "sqlite:///state.db" if server is None else f"redis://{server.address}"
        if server is not None and server.process is not None and (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(server.process.pid, {1})
        began = time.monotonic()
        corp = _issuer(issuer.issuer)
        asyncio.run(fill(url if file is None else str(file), identities, lambda n: (_identity(corp, n), _facts(n))))
        size = _held(server) if file is None else file.stat().st_size
        print(f"{identities} identities with metadata in {store}, {time.monotonic() - began:.0f} s", end=", ")
        print(f"{size / identities:.0f} bytes for each", flush=True)
        began = time.monotonic()
        many, few = _listed(folder / "many", issuer, tokens), _listed(folder / "few", issuer, min(FEW, tokens))
        print(f"{tokens} tokens signed, {time.monotonic() - began:.0f} s", flush=True)
        setting = Setting(issuer, service, url, file, many, few, tokens, seconds, ready)
        failed = False
        for name, token in (("without identity tokens", ""), ("with identity tokens of 10 minutes", MINTING)):
            with contextlib.ExitStack() as servers:
                failed |= _compared(servers, name, token, setting)
    return int(failed)


def _held(server: StoreProcess | None) -> int:
    return 0 if server is None else int(found(r"used_memory:(\d+)", str(server.ask("INFO", "memory"))))


def _compared(stack: contextlib.ExitStack, name: str, token: str, setting: Setting) -> bool:
    issuer, many, few, tokens = setting.issuer, setting.many, setting.few, setting.tokens
    rules = RULES.replace("TOKEN", METADATA + TEAM + token)
    settings = SETTINGS.replace("STORE", setting.url).replace("READY", str(setting.ready))
    values = {"auth": issuer.issuer, "service": f"http://127.0.0.1:{setting.service}"}
    gateways: dict[Path, tuple[int, int, int]] = {}
    for place in (few, many):
        where = place / ("minting" if token else "plain")
        where.mkdir()
        (where / "identity.key").write_bytes(IDENTITY_KEY)
        if setting.file is not None:
            shutil.copy(setting.file, where)
        admin = free_port()
        pid, port = start_gateway(stack, where, rules, values, settings, admin)
        gateways[place] = (pid, port, admin)
    empty = rss(gateways[many][0])
    began = time.monotonic()
    for place, (_, port, _admin) in gateways.items():
        count = tokens if place == many else FEW
        seen = 0
        while seen < 2.05 * count:
            seen += _requests(wrk(place, port, 60 if count > 50 * FEW else 3, seen))
    held = rss(gateways[many][0]) - empty
    print(f"\n{name}: every token seen twice, {time.monotonic() - began:.0f} s")
    figures: dict[Path, list[tuple[float, float, int]]] = {few: [], many: []}
    for number in range(ROUNDS):
        for place, (pid, port, _admin) in gateways.items():
            figures[place].append(
                _round(place, pid, port, max(1, setting.seconds // ROUNDS), number * tokens // ROUNDS)
            )
    print(f"{'tokens in rotation':22}{'req/s':>9}{'CPU us/req':>12}{'errors':>8}{'RSS MiB':>10}", end="")
    print(f"{'full GC':>9}{'longest ms':>12}{'CPU ms':>8}")
    medians, longest, errors = {}, 0.0, 0
    for place, count in ((few, FEW), (many, tokens)):
        pid, _, admin = gateways[place]
        rate, micros = (statistics.median(each[part] for each in figures[place]) for part in (0, 1))
        errors += sum(each[2] for each in figures[place])
        metrics = urllib.request.urlopen(f"http://127.0.0.1:{admin}/metrics", timeout=10).read().decode()
        pause, worked = (
            _metric(metrics, f"full_collection_longest_{part}") * 1000 for part in ("seconds", "cpu_seconds")
        )
        longest = max(longest, worked)
        medians[place] = (rate, micros)
        print(f"{count:<22}{rate:9.0f}{micros:12.1f}{errors:8d}{rss(pid):10.1f}", end="")
        print(f"{_metric(metrics, 'full_collections_total'):9.0f}{pause:12.1f}{worked:8.1f}", end="")
        print(f"   {_metric(metrics, 'cached_tokens'):.0f} tokens cached")
    ratio, cost = medians[many][0] / medians[few][0], medians[many][1] / medians[few][1]
    print(f"with many tokens {ratio:.2f} times the requests, {cost:.2f} times the CPU for each")
    print(
        f"resident memory: {held * 1024 * 1024 / tokens:.0f} bytes for each live token, its identity's metadata included"
    )
    return bool(errors) or ratio < 0.85 or longest > 20


def _metric(metrics: str, name: str) -> float:
    return float(found(rf"\npolicylang_{name} (\S+)", metrics))


def _requests(text: str) -> int:
    return int(found(r"(\d+) requests in", text))


def _round(place: Path, pid: int, port: int, seconds: int, first: int) -> tuple[float, float, int]:
    before = cpu(pid)
    text = wrk(place, port, seconds, first)
    spent = cpu(pid) - before
    requests = _requests(text)
    return float(found(r"Requests/sec:\s+([\d.]+)", text)), spent / requests * 1e6, int(found(r"non2xx (\d+)", text))


def _listed(place: Path, issuer: DevelopmentIssuer, tokens: int) -> Path:
    place.mkdir()
    (place / "rotate.lua").write_text(ROTATE, "utf-8")
    claims = {"scope": "orders:read", "tenant": "acme", "plan": "gold"}
    with (place / "tokens.txt").open("w", encoding="utf-8") as listed:
        for number in range(tokens):
            listed.write(issuer.token({"sub": f"user-{number}", **claims}, 7200) + "\n")
    return place


def _issuer(iss: str) -> plan_model.Issuer:
    claim = plan_model.Claim("sub", ("text", 1, 128), ("sub",), False, None, None, None, False)
    credential = plan_model.Credential("authorization", "authorization")
    keys = plan_model.Keys("discovered", "")
    return plan_model.Issuer("corp", iss, keys, ("ES256",), (), 0, None, None, "sub", credential, (claim,), 0)


def _identity(issuer: plan_model.Issuer, number: int) -> str:
    return virtual_identity(issuer, (f"user-{number}",), IDENTITY_KEY).hex()


def _facts(number: int) -> bytes:
    team = hashlib.blake2b(b"%d" % number, digest_size=4).hexdigest()
    return f'{{"team":"t{team}","roles":["reader","writer"]}}'.encode()


if __name__ == "__main__":
    reader = argparse.ArgumentParser(prog="python -m bench.live_tokens")
    reader.add_argument("--tokens", type=int, default=500_000)
    reader.add_argument("--identities", type=int, default=1_000_000)
    reader.add_argument("--seconds", type=int, default=30, help="for each gateway, in six turns")
    reader.add_argument("--store", choices=("sqlite", "valkey"), default="sqlite")
    reader.add_argument("--ready", type=int, default=600_000, help="memory.ready_callers of both gateways")
    chosen = reader.parse_args()
    print(f"wrk with {CONNECTIONS} connections")
    sys.exit(main(chosen.tokens, chosen.identities, chosen.seconds, chosen.store, chosen.ready))
