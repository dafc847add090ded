"""The command runner, rules and plans for it, and the development issuer in a thread of its own."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner, Result

from gateway.dev.issuer_http import DevelopmentIssuer
from policylang.cli.main import main
from policylang.plan.codec import encode
from tests.strategies.spine import HEAD, plan_of
from tests.strategies.tokens import AUDIENCE

Run = Callable[..., Result]
PlanFile = Callable[..., Path]


@pytest.fixture
def run() -> Run:
    """``run("dev", "echo", …)``: exit code and outputs of the command."""

    def invoke(*arguments: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)

    return invoke


@pytest.fixture
def plan_file(tmp_path: Path) -> PlanFile:
    """A plan file of these rules."""

    def write(rules: str, head: str = HEAD) -> Path:
        path = tmp_path / "plan.json"
        path.write_bytes(encode(plan_of(rules, head)))
        return path

    return write


@pytest.fixture
def issuer() -> Iterator[DevelopmentIssuer]:
    """A development issuer on loopback, served from another thread: commands have loops of their own."""
    made = DevelopmentIssuer("", AUDIENCE, {})
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> web.AppRunner:
        runner = web.AppRunner(made.app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    runner = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    yield made
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
