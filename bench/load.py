"""The whole gateway under load, beside the baseline: requests a second, CPU for each, and memory, with tokens in rotation.

``python -m bench.load [seconds] [tokens]``. Both run in the same minutes against the same upstream, in turns, on one core of
their own; the load generator (wrk) and the upstream are on the other one.
"""

import contextlib
import re
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.processes import CONNECTIONS, child, cpu, found, rss, serving_issuer, start_gateway, wrk
from bench.wire import free_port, wait_for

SERVERS = [sys.executable, "-m", "bench.wire_servers"]
ROUNDS = 6
"""What else runs on the machine meets all servers alike when they take turns."""
WARM_SECONDS = 5

RULES = """language 1
setting auth url
setting service url
issuer corp {
  iss setting.auth   keys discovered   algorithms ES256   audience "https://api.example.com"   identity by claims.sub
  claims { sub: text(1..128)  scope: set of text split " "  tenant: slug  plan: one of "free", "gold" default "free" }
}
policy free { rate 5 per 1s burst 5   quota 1_000 per day }
policy gold { rate 1_000_000 per 1s burst 1_000_000   quota 1_000_000_000 per month }
select policy on orders { use gold when claims.plan == "gold"  use free otherwise }
route orders { match GET on "/v1/{tenant: slug}/orders/**"  trust corp  upstream setting.service }
allow read on orders when "orders:read" in claims.scope
deny cross_tenant on routes with path.tenant when claims.tenant != path.tenant
request headers on orders { set X-User "{claims.sub}"  set X-Tenant "{claims.tenant}" }
TOKEN
response headers on all { remove Server }
"""
MINTING = 'identity token inner on orders { audience "svc"  subject claims.sub  lifetime 10min  header X-Identity }'

ROTATE = """
local tokens = {}
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = "Bearer " .. line end
local at = tonumber(os.getenv("FIRST"))
local headers = {
  ["User-Agent"] = "Orders/7.2 (iPhone; iOS 19.1)", ["Accept"] = "application/json", ["Accept-Language"] = "de-DE",
  ["Accept-Encoding"] = "gzip, br", ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ["X-App-Version"] = "7.2.0 (8841)", ["X-App-Session"] = "5f1c2f0e-0d6b-4f43-9a57-6f1c6f0f2d11",
  ["If-None-Match"] = "\\"7-3f9a\\""
}
request = function()
  at = at % #tokens + 1
  headers["Authorization"] = tokens[at]
  return wrk.format("GET", "/v1/acme/orders/7", headers)
end
done = function(summary)
  io.write(string.format("non2xx %d\\n", summary.errors.status))
end
"""


@dataclass(frozen=True, slots=True)
class Round:
    """One measurement. ``micros``: CPU microseconds of the server for each request; ``rss`` in MiB before and after."""

    rate: float
    micros: float
    errors: int
    rss: tuple[float, float]


def main(seconds: int, tokens: int) -> int:
    """Print the table; 1 where an error was seen or the gateway is not twice as fast as the baseline."""
    if shutil.which("wrk") is None:
        print("wrk is not installed (Debian: apt-get install wrk)", file=sys.stderr)
        return 2
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="policylang-bench-")))
        issuer = stack.enter_context(serving_issuer())
        claims = {"scope": "orders:read", "tenant": "acme", "plan": "gold"}
        listed = folder / "tokens.txt"
        listed.write_text("\n".join(issuer.token({"sub": f"user-{n}", **claims}, 7200) for n in range(tokens)), "utf-8")
        (folder / "rotate.lua").write_text(ROTATE, "utf-8")
        service, bare = free_port(), free_port()
        stack.enter_context(child([*SERVERS, "upstream", str(service), "0"], core=1))
        baseline = stack.enter_context(child([*SERVERS, "bare", str(bare), str(service)]))
        wait_for(service)
        wait_for(bare)
        values = {"auth": issuer.issuer, "service": f"http://127.0.0.1:{service}"}
        plain = start_gateway(stack, folder / "plain", RULES.replace("TOKEN", ""), values)
        minting = start_gateway(stack, folder / "minting", RULES.replace("TOKEN", MINTING), values)
        servers = {
            "aiohttp web.Server + ClientSession": (baseline.pid, bare),
            "policylang": plain,
            "policylang, minting": minting,
        }
        rounds: dict[str, list[Round]] = {name: [] for name in servers}
        for _, port in servers.values():
            wrk(folder, port, WARM_SECONDS)
        for _ in range(ROUNDS):
            for name, (pid, port) in servers.items():
                rounds[name].append(_measure(folder, pid, port, max(1, seconds // ROUNDS)))
    return _report({name: _middle(each) for name, each in rounds.items()}, seconds, tokens)


def _middle(rounds: list[Round]) -> Round:
    """Of all rounds: the median of rate and CPU, every error, the memory before the first and after the last."""
    return Round(
        statistics.median(r.rate for r in rounds),
        statistics.median(r.micros for r in rounds),
        sum(r.errors for r in rounds),
        (rounds[0].rss[0], rounds[-1].rss[1]),
    )


def _report(results: dict[str, Round], seconds: int, tokens: int) -> int:
    print(f"{seconds} s each in {ROUNDS} turns, medians, {CONNECTIONS} connections, {tokens} tokens in rotation")
    print(f"{'what':38}{'req/s':>9}{'CPU us/req':>12}{'errors':>8}{'RSS MiB':>16}")
    for name, r in results.items():
        print(f"{name:38}{r.rate:9.0f}{r.micros:12.1f}{r.errors:8d}{r.rss[0]:8.1f}{r.rss[1]:8.1f}")
    base, ours = list(results.values())[:2]
    print(
        f"ratio: {ours.rate / base.rate:.2f} times the requests, {base.micros / ours.micros:.2f} times less CPU for each"
    )
    return int(any(r.errors for r in results.values()) or ours.micros * 2 > base.micros)


def _measure(folder: Path, pid: int, port: int, seconds: int) -> Round:
    before, began = rss(pid), cpu(pid)
    text = wrk(folder, port, seconds)
    spent, after = cpu(pid) - began, rss(pid)
    requests = int(found(r"(\d+) requests in", text))
    refused = int(found(r"non2xx (\d+)", text))
    sockets = sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", text))
    return Round(
        float(found(r"Requests/sec:\s+([\d.]+)", text)), spent / requests * 1e6, refused + sockets, (before, after)
    )


if __name__ == "__main__":
    started = time.monotonic()
    numbers = [int(text) for text in sys.argv[1:3]]
    code = main(*(numbers + [30, 1000][len(numbers) :]))
    print(f"took {time.monotonic() - started:.0f} s")
    sys.exit(code)
