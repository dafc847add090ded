"""``policylang serve``: the gateway as a process: options, signals, reloads, and what it tells its operator."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from gateway.app import CannotStart, Running, running
from gateway.commands.watch import watching
from gateway.policy.reload import Source
from gateway.server.collections import looking_once
from gateway.settings import Settings, SettingsRefused, parse_address, read_settings, with_overrides

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("serve")
@click.argument("source", metavar="RULES|PLAN", type=click.Path(exists=True, path_type=Path))
@click.option("--env", "environment", metavar="NAME", help="Take setting values from env/NAME.toml of the rule set.")
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The gateway's own settings (TOML).",
)
@click.option("--listen", metavar="HOST:PORT", help="Where clients connect; port 0 picks a free one.")
@click.option("--admin", metavar="HOST:PORT", help="Where health, metrics and the key set are served.")
@click.option(
    "--store", metavar="URL", help="Where state lives, such as sqlite:///state.db; see store.url of the settings."
)
@click.option(
    "--metadata",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file of facts kept behind the gateway.",
)
@click.option(
    "--decision-log", metavar="FILE", help="One JSON line a decision; - is standard output, none turns it off."
)
@click.option("--watch", is_flag=True, help="Load again when the rules or the metadata file change.")
def command(
    source: Path,
    environment: str | None,
    settings_file: Path | None,
    listen: str | None,
    admin: str | None,
    store: str | None,
    metadata: Path | None,
    decision_log: str | None,
    watch: bool,
) -> None:
    """Run the gateway on a rule set, or on a plan that is compiled already.

    SIGHUP loads the rules again: requests in flight finish on the plan they began with, and rules that do not compile leave
    the old plan serving. SIGTERM and SIGINT finish requests in flight and stop.

    \b
    Examples:
      policylang serve rules/ --env local --settings settings.toml --watch
      policylang compile rules/ --env prod --output plan.json && policylang serve plan.json
    """
    try:
        found = read_settings(settings_file)
        settings = with_overrides(
            found,
            listen=None if listen is None else parse_address(listen),
            admin=None if admin is None else parse_address(admin),
            store=None if store is None else replace(found.store, url=store),
            metadata_file=metadata,
            decision_log=decision_log,
        )
    except SettingsRefused as error:
        raise click.ClickException(str(error)) from error
    loaded_from = Source(source, environment, settings.metadata_file)
    try:
        _run(settings, loaded_from, watch)
    except CannotStart as error:
        raise click.ClickException(str(error)) from error


"""Collections of the middle generation before a full one."""


def tell(text: str) -> None:
    """A line for the operator, on standard error: standard output may be the decision log."""
    click.echo(text, err=True)


def _run(settings: Settings, source: Source, watch: bool) -> None:
    factory = None
    if sys.platform != "win32":
        try:
            import uvloop
        except ImportError:
            tell("warning: uvloop is not installed; the standard event loop is slower")
        else:
            factory = uvloop.new_event_loop
    # With uvloop neither requests nor clients' connections leave cycles (tests/journeys/test_no_cycles.py).
    passes = nullcontext() if factory is None else looking_once()
    with passes, asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_serve(settings, source, watch))


async def _serve(settings: Settings, source: Source, watch: bool) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    starting = asyncio.current_task()

    def end() -> None:
        if starting is not None and not stop.is_set():
            starting.cancel()
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, end)
    try:
        async with running(settings, source, tell) as gateway:
            starting = None
            await _until(stop, gateway, source, watch, "https" if settings.tls_certificate else "http")
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
        tell("stopped before it served")
    finally:
        # uvloop leaves them behind when it is closed: whoever runs this in a process of their own could not be ended.
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(name)


async def _until(stop: asyncio.Event, gateway: Running, source: Source, watch: bool, scheme: str) -> None:
    """Load again when that is asked for, until the gateway is to stop."""
    loop = asyncio.get_running_loop()
    work: set[asyncio.Task[Any]] = set()

    def begin(coroutine: Coroutine[Any, Any, Any]) -> None:
        task = loop.create_task(coroutine)
        work.add(task)
        task.add_done_callback(work.discard)

    loop.add_signal_handler(signal.SIGHUP, lambda: begin(gateway.reload.reload()))
    if watch:
        begin(watching(gateway.reload, source, tell))
    # Only now: whoever reads that it serves may send a signal at once.
    tell(f"admin:   http://{gateway.admin}")
    tell(f"clients: {scheme}://{gateway.clients}")
    try:
        await stop.wait()
    finally:
        tell("stopping: requests in flight finish")
        # A load that is under way is given up and its compiler ended: nobody would be served by what it makes.
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
