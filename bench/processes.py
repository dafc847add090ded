"""The processes that a measurement starts: the gateway, a development issuer, a load generator; each on its core."""

import asyncio
import contextlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web

from gateway.dev.issuer_http import DevelopmentIssuer

TICK = os.sysconf("SC_CLK_TCK")
CONNECTIONS = 64
AUDIENCE = "https://api.example.com"
SETTINGS = '[egress]\nprivate_hosts = ["127.0.0.1"]\n'


def wrk(folder: Path, port: int, seconds: int, first: int = 0) -> str:
    """What wrk printed. ``first`` is the token that it begins with; each request has the next one."""
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "-s",
        str(folder / "rotate.lua"),
        f"http://127.0.0.1:{port}",
    ]
    if shutil.which("taskset") is not None and (os.cpu_count() or 1) > 1:
        command = ["taskset", "-c", "1", *command]
    environment = {**os.environ, "TOKENS": str(folder / "tokens.txt"), "FIRST": str(first)}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=seconds + 60
    ).stdout


def start_gateway(
    stack: contextlib.ExitStack,
    folder: Path,
    rules: str,
    values: dict[str, str],
    settings: str = SETTINGS,
    admin: int = 0,
) -> tuple[int, int]:
    """A gateway on ports of its own, serving until the stack ends: its process id and the port for clients."""
    (folder / "rules" / "env").mkdir(parents=True)
    (folder / "rules" / "main.rules").write_text(rules, "utf-8")
    written = "".join(f'{name} = "{value}"\n' for name, value in values.items())
    (folder / "rules" / "env" / "bench.toml").write_text(written, "utf-8")
    (folder / "settings.toml").write_text(settings, "utf-8")
    command = [sys.executable, "-m", "policylang.cli.main", "serve", str(folder / "rules"), "--env", "bench"]
    options = ["--settings", str(folder / "settings.toml"), "--listen", "127.0.0.1:0", "--admin", f"127.0.0.1:{admin}"]
    log = ["--decision-log", str(folder / "decisions.log")]
    process = stack.enter_context(child([*command, *options, *log], stderr=subprocess.PIPE))
    assert process.stderr is not None
    for line in process.stderr:
        if "clients:" in line:
            return process.pid, int(line.rsplit(":", 1)[1])
    raise SystemExit("the gateway did not start")


@contextlib.contextmanager
def child(command: list[str], core: int = 0, **streams: int) -> Iterator[subprocess.Popen[str]]:
    several = shutil.which("taskset") is not None and (os.cpu_count() or 1) > 1
    pinned = ["taskset", "-c", str(core), *command] if several else command
    process = subprocess.Popen(pinned, text=True, **streams)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        process.wait(120)


@contextlib.contextmanager
def serving_issuer() -> Iterator[DevelopmentIssuer]:
    """A development issuer served from a thread of its own."""
    issuer, ready, stop = DevelopmentIssuer("", AUDIENCE, {}), threading.Event(), threading.Event()

    async def serve() -> None:
        runner = web.AppRunner(issuer.app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        issuer.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await asyncio.to_thread(stop.wait)
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield issuer
    finally:
        stop.set()
        thread.join(10)


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def rss(pid: int) -> float:
    return int(found(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))) / 1024


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"no {pattern} in: {text}")
    return match[1]
