"""A gateway under the load of wrk while its Redis store has trouble: ``python -m bench.outages_wrk``.

The gateway is a process of its own, ``policylang serve`` with ``[store] url = "redis://…"``. Half of the requests meet a
rate and a quota of a policy, which deny on an outage; half meet limits that allow. The quotas are small enough to be used
up. For each trouble of ``bench.outages`` the table has what wrk saw (its requests by status, its longest latency), and
from the decision log

- ``beyond``: admissions that were counted and are above what the limits of an identity allow. It has to be 0, but for
  what the fsync policy of a killed server may have lost: at most what was admitted in the second before the kill;
- ``uncounted``: requests that were let through uncounted, and say so;
- ``back``: from the end of the trouble to the first counted answer; where the memory was lost, from the acceptance by
  ``POST /v1/store/accept-loss``.
"""

import contextlib
import json
import re
import secrets
import shutil
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.outages import PHASE, TROUBLES, Trouble
from bench.processes import CONNECTIONS, child, serving_issuer, start_gateway, wrk
from bench.wire import free_port, wait_for
from tests.servers.valkey import standalone

SERVERS = [sys.executable, "-m", "bench.wire_servers"]
IDENTITIES = 50
RATE = 15
QUOTA = 75
SECOND = 1_000_000
LOAD_SECONDS = 6
SETTLE = 0.5
"""Seconds between the end of a trouble that forgets and the operator's acceptance."""

RULES = f"""language 1
setting auth url
setting service url
issuer corp {{
  iss setting.auth   keys discovered   algorithms ES256   audience "https://api.example.com"   identity by claims.sub
  claims {{ sub: text(1..128) }}
}}
policy paid {{ rate {RATE} per 1s burst {RATE}   quota {QUOTA} per 30d from first use }}
select policy on strict {{ use paid otherwise }}
route strict {{ match GET on "/strict"  trust corp  upstream setting.service }}
route lax {{ match GET on "/lax"  trust corp  upstream setting.service }}
allow strict_use on strict always
allow lax_use on lax always
limit lax_rate on lax by identity {{ rate {RATE} per 1s burst {RATE}  on outage allow }}
limit lax_total on lax by identity {{ quota {QUOTA} per 29d from first use  on outage allow }}
"""
SETTINGS = """
[egress]
private_hosts = ["127.0.0.1"]
[identity]
key_file = "identity.key"
[admin]
credential = {{ file = "admin.credential" }}
[store]
url = "redis://{address}"
"""
ROTATE = """
local tokens = {}
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = "Bearer " .. line end
local at = tonumber(os.getenv("FIRST"))
local headers, thread = {}, nil
setup = function(made) thread = made end
passed, limited, denied, other = 0, 0, 0, 0
request = function()
  at = at + 1
  headers["Authorization"] = tokens[math.floor(at / 2) % #tokens + 1]
  return wrk.format("GET", at % 2 == 0 and "/strict" or "/lax", headers)
end
response = function(status)
  if status == 200 then passed = passed + 1
  elseif status == 429 then limited = limited + 1
  elseif status == 503 then denied = denied + 1
  else other = other + 1 end
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("seen %d %d %d %d %d %d\\n", thread:get("passed"), thread:get("limited"), thread:get("denied"),
    thread:get("other"), errors.connect + errors.read + errors.write + errors.timeout, latency.max))
end
"""


@dataclass(frozen=True, slots=True)
class Client:
    """What wrk saw: answers 200, 429, 503 and others, requests without an answer, the longest latency in microseconds."""

    passed: int
    limited: int
    denied: int
    other: int
    lost: int
    slowest: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the decision log, its times in microseconds since 1970."""

    route: str
    identity: str
    start: int
    end: int
    status: int
    admitted: bool
    uncounted: bool

    @property
    def counted(self) -> bool:
        """Whether the store knew how its limits stand."""
        return not self.uncounted and (self.admitted or self.status == 429)


@dataclass(frozen=True, slots=True)
class Course:
    """When the trouble began, and when it was over (the loss accepted, where there was one); microseconds since 1970."""

    began: int
    over: int


def main() -> int:
    """Print the table; 1 if anything was admitted wrongly, answered with an error, or did not recover; 2 without wrk."""
    if shutil.which("wrk") is None:
        print("wrk is not installed (Debian: apt-get install wrk)", file=sys.stderr)
        return 2
    print(
        f"{'trouble':34}{'requests':>9}{'2xx':>7}{'429':>7}{'503':>7}{'others':>7}{'longest':>9}"
        f"{'beyond':>7}{'uncounted':>10}{'back':>9}"
    )
    bad = 0
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="policylang-bench-")))
        issuer = stack.enter_context(serving_issuer())
        tokens = "\n".join(issuer.token({"sub": f"user-{n}"}, 7200) for n in range(IDENTITIES))
        (folder / "tokens.txt").write_text(tokens, "utf-8")
        (folder / "rotate.lua").write_text(ROTATE, "utf-8")
        service = free_port()
        stack.enter_context(child([*SERVERS, "upstream", str(service), "0"], core=1))
        wait_for(service)
        values = {"auth": issuer.issuer, "service": f"http://127.0.0.1:{service}"}
        for number, trouble in enumerate(TROUBLES):
            bad += measured(trouble, folder, folder / str(number), values)
    return 1 if bad else 0


def measured(trouble: Trouble, shared: Path, own: Path, values: dict[str, str]) -> int:
    """One line of the table; how much went wrong."""
    credential, admin = secrets.token_hex(32), free_port()
    own.mkdir()
    for name, content in (("admin.credential", credential), ("identity.key", secrets.token_hex(32))):
        (own / name).write_text(content, "ascii")
        (own / name).chmod(0o600)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(standalone(trouble.settings, persistence=trouble.persistence))
        settings = SETTINGS.format(address=server.address)
        pid, port = start_gateway(stack, own, RULES, values, settings, admin)
        pool = stack.enter_context(ThreadPoolExecutor(1))
        load = pool.submit(wrk, shared, port, LOAD_SECONDS)
        time.sleep(PHASE)
        began = micros()
        trouble.begin(server)
        time.sleep(max(0.0, PHASE - (micros() - began) / SECOND))
        trouble.end(server)
        over = micros()
        if trouble.forgets:
            time.sleep(SETTLE)
            over = micros()
            accept_loss(admin, credential)
        told = re.search(r"seen (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", load.result())
        alive = Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    if told is None:
        raise SystemExit("wrk did not say what it saw")
    client = Client(*map(int, told.groups()))
    return judged(trouble, client, list(rows(own / "decisions.log")), Course(began, over)) + (not alive)


def judged(trouble: Trouble, client: Client, log: Sequence[Row], course: Course) -> int:
    """Print the line of one trouble; how much of it should not be."""
    first = [row for row in log if row.counted and row.admitted and (not trouble.forgets or row.end < course.over)]
    second = [row for row in log if row.counted and row.admitted and trouble.forgets and row.end >= course.over]
    above = beyond(first) + beyond(second)
    recent = sum(course.began - SECOND <= row.end <= course.began for row in first)
    spared = recent if "everysec" in trouble.name else 0
    back = min((row.end for row in log if row.start >= course.over and row.counted), default=None)
    shown = "never" if back is None else f"{(back - course.over) / 1000:.0f} ms"
    answered = client.passed + client.limited + client.denied + client.other
    print(
        f"{trouble.name:34}{answered:>9}{client.passed:>7}{client.limited:>7}{client.denied:>7}"
        f"{client.other + client.lost:>7}{client.slowest / 1000:>6.0f} ms{above:>7}"
        f"{sum(row.uncounted for row in log):>10}{shown:>9}",
        flush=True,
    )
    unmarked = sum(row.route == "strict" and row.uncounted for row in log)
    refused = sum(row.route == "lax" and row.status == 503 for row in log)
    for count, what in ((unmarked, "uncounted where an outage denies"), (refused, "denied where an outage allows")):
        if count:
            print(f"  {count} requests were {what}")
    return max(0, above - spared) + unmarked + refused + client.other + client.lost + (back is None)


def beyond(admitted: Sequence[Row]) -> int:
    """How many admissions the limits of their route and identity do not allow."""
    each: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in admitted:
        each[row.route, row.identity].append(row)
    return sum(max(len(of_one) - QUOTA, above_rate(of_one), 0) for of_one in each.values())


def above_rate(admitted: Sequence[Row]) -> int:
    """By how much the fullest stretch of time has more than ``burst + rate * length``.

    A request is charged between its start and its end, so it counts for the stretches that have all of it.
    """
    ordered, most = sorted(admitted, key=lambda row: row.end), 0
    for first in admitted:
        within = 0
        for row in ordered:
            if row.start >= first.start:
                within += 1
                most = max(most, within - RATE - RATE * (row.end - first.start) // SECOND)
    return most


def rows(log: Path) -> Iterator[Row]:
    """The decision log."""
    for text in log.read_text("ascii").splitlines():
        line = json.loads(text)
        start = round(datetime.fromisoformat(line["time"]).timestamp() * SECOND)
        yield Row(
            line.get("route", ""),
            line.get("identity", ""),
            start,
            start + line["duration_us"],
            line["status"],
            line["decision"] == "allow",
            "uncounted" in line,
        )


def accept_loss(port: int, credential: str) -> None:
    """What an operator does whose store was emptied."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/store/accept-loss", b"", {"Authorization": f"Bearer {credential}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        if answer.status >= 300:
            raise SystemExit(f"the loss was not accepted: {answer.status}")


def micros() -> int:
    """The wall clock, as the decision log has it."""
    return time.time_ns() // 1000


if __name__ == "__main__":
    started = time.monotonic()
    code = main()
    print(f"wrk with {CONNECTIONS} connections, {IDENTITIES} identities; took {time.monotonic() - started:.0f} s")
    sys.exit(code)
