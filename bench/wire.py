"""Requests a second and CPU microseconds a request of the wire alone, beside aiohttp's server and client in the same run.

``python -m bench.wire [--seconds 5] [--rounds 3] [--connections 64]``. The measured process has one core, the load generator
(wrk, or a raw-socket one of ours) and the upstream (nginx, or a stand-in of ours) have another. A round in which anything else
used more than a twentieth of the measured core is thrown away.
"""

import argparse
import asyncio
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvloop

TICKS = os.sysconf("SC_CLK_TCK")
FOREIGN = 0.05
HEADERS = (
    b"User-Agent: bench\r\nAccept: application/json\r\nAccept-Encoding: gzip, br\r\nX-Trace: 0af7651916cd43dd8448eb211c80319c\r\n"
    b"Authorization: Bearer " + b"x" * 600 + b"\r\n"
)
NGINX = """worker_processes 1; daemon off; master_process off; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 2048; }}
http {{ access_log off; keepalive_requests 100000000; default_type application/json; client_body_temp_path {folder};
  proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; location / {{ return 200
    '{{"orders":[{{"id":1,"state":"open"}},{{"id":2,"state":"paid"}},{{"id":3,"state":"sent"}}],"n":3}}'; }} }} }}
"""


class Round(NamedTuple):
    """Answers a second, CPU microseconds an answer, and the share of the core that others used."""

    rate: float
    micros: float
    foreign: float


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(port: int) -> None:
    """Return when something listens."""
    for _ in range(200):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on {port}")


@contextmanager
def running(command: list[str], core: int, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A child on one core, listening; terminated at the end."""
    with subprocess.Popen(["taskset", "-c", str(core), *command]) as child:
        try:
            wait_for(port)
            yield child
        finally:
            child.terminate()


@contextmanager
def upstream(core: int) -> Iterator[int]:
    """nginx where there is one, else the stand-in; its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        if shutil.which("nginx"):
            conf = Path(folder, "nginx.conf")
            conf.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
            command = ["nginx", "-c", str(conf), "-e", "stderr"]
        else:
            command = [sys.executable, "-m", "bench.wire_servers", "upstream", str(port), "0"]
        with running(command, core, port):
            yield port


def used(pid: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def busy(core: int) -> float:
    """Seconds in which a core was not idle."""
    line = next(
        row for row in Path("/proc/stat").read_text(encoding="ascii").splitlines() if row.startswith(f"cpu{core} ")
    )
    user, nice, system, _idle, _wait, irq, softirq, steal = map(int, line.split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def load(port: int, seconds: float, connections: int, core: int) -> float:
    """Answers with status 200 in a second."""
    if shutil.which("wrk"):
        headers = [part for line in HEADERS.decode().split("\r\n") if line for part in ("-H", line)]
        command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", *headers]
        told = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/orders/1"], capture_output=True, text=True, check=True
        ).stdout
        if "Non-2xx" in told or "Socket errors" in told:
            raise SystemExit(told)
        return float(re.findall(r"Requests/sec:\s+([0-9.]+)", told)[0])
    os.sched_setaffinity(0, {core})
    return uvloop.run(raw_load(port, seconds, connections))


async def raw_load(port: int, seconds: float, connections: int) -> float:
    """As wrk, slower: every connection asks again as soon as it has its answer."""
    loop = asyncio.get_running_loop()
    request = b"GET /orders/1 HTTP/1.1\r\nHost: x\r\n" + HEADERS + b"\r\n"
    count = 0

    class Asker(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport
            if isinstance(transport, asyncio.Transport):
                transport.write(request)

        def data_received(self, data: bytes) -> None:
            nonlocal count
            if not data.startswith(b"HTTP/1.1 200"):
                raise SystemExit("an answer that is not 200, or in two pieces")
            count += 1
            if isinstance(self.transport, asyncio.Transport):
                self.transport.write(request)

    made = [(await loop.create_connection(Asker, "127.0.0.1", port))[0] for _ in range(connections)]
    await asyncio.sleep(seconds)
    for transport in made:
        transport.abort()
    return count / seconds


def measure(pid: int, port: int, seconds: float, connections: int) -> Round:
    """One round against a running server on core 0."""
    cpu, core, began = used(pid), busy(0), time.monotonic()
    rate = load(port, seconds, connections, 1)
    took = time.monotonic() - began
    cpu, core = used(pid) - cpu, busy(0) - core
    return Round(rate, cpu / (rate * took) * 1e6, max(0.0, core - cpu) / took)


def main() -> None:
    """Alternate the two servers, print each round and the medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--connections", type=int, default=64)
    given = options.parse_args()
    kept: dict[str, list[Round]] = {"ours": [], "bare": []}
    with upstream(1) as behind:
        for number in range(given.rounds):
            for kind, rounds in kept.items():
                port = free_port()
                with running(
                    [sys.executable, "-m", "bench.wire_servers", kind, str(port), str(behind)], 0, port
                ) as child:
                    load(port, 1, given.connections, 1)
                    found = measure(child.pid, port, given.seconds, given.connections)
                disturbed = found.foreign > FOREIGN
                if not disturbed:
                    rounds.append(found)
                print(
                    f"round {number + 1} {kind:4} {found.rate:9,.0f} req/s {found.micros:6.1f} us CPU/req"
                    f"{f'   thrown away: others used {found.foreign:.0%} of the core' if disturbed else ''}",
                    flush=True,
                )
    if not all(kept.values()):
        raise SystemExit("every round of one kind was disturbed: run again on a quiet machine")
    rate = {kind: statistics.median(found.rate for found in rounds) for kind, rounds in kept.items()}
    cost = {kind: statistics.median(found.micros for found in rounds) for kind, rounds in kept.items()}
    print(
        f"ours {rate['ours']:,.0f} req/s, {cost['ours']:.1f} us; bare aiohttp {rate['bare']:,.0f} req/s, {cost['bare']:.1f} us"
    )
    print(
        f"{rate['ours'] / rate['bare']:.2f} times the requests, {cost['ours'] / cost['bare']:.2f} of the CPU a request"
    )


if __name__ == "__main__":
    main()
