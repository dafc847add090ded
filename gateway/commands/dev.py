"""``policylang dev``: an authorization server and an echo service on this machine, for trying rules out."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from aiohttp import web

from gateway.dev.echo_http import echo_server
from gateway.dev.issuer_http import DevelopmentIssuer
from gateway.settings import Address, SettingsRefused, parse_address

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@click.group("dev")
def command() -> None:
    """Servers for trying rules out on this machine.

    \b
    Examples:
      policylang dev issuer --listen 127.0.0.1:9001 --audience https://api.example.com
      policylang dev echo --listen 127.0.0.1:9000
    """


@command.command()
@click.option("--listen", default="127.0.0.1:9001", show_default=True, metavar="HOST:PORT", help="Loopback only.")
@click.option("--audience", default="https://api.example.com", show_default=True, help="The aud of its tokens.")
@click.option(
    "--users",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON: user name to claims, such as {"ana": {"plan": "gold"}}.',
)
def issuer(listen: str, audience: str, users: Path | None) -> None:
    """A local authorization server: key set, metadata document, and a login that asks for no password.

    POST /login takes JSON: `user`, any claims, and `lifetime`, the seconds from now for which the token is valid: 1800
    without it, and a negative number gives a token that has expired already.

    \b
    Get a token, with any claims:
      curl -s http://127.0.0.1:9001/login -H 'Content-Type: application/json' \\
        -d '{"user": "ana", "scope": "orders:read", "https://example.com/tenant": "acme"}'
    """
    address = _loopback(listen)
    authority = DevelopmentIssuer(f"http://{address}", audience, _users(users))

    def runner() -> web.BaseRunner:
        return web.AppRunner(authority.app(), access_log=None)

    asyncio.run(_serve(runner, address, f"development issuer {authority.issuer}: log in at {authority.issuer}/"))


@command.command()
@click.option("--listen", default="127.0.0.1:9000", show_default=True, metavar="HOST:PORT", help="Loopback only.")
def echo(listen: str) -> None:
    """A service that answers with the request as it arrived."""
    address = _loopback(listen)
    asyncio.run(_serve(lambda: web.ServerRunner(echo_server()), address, f"echo service http://{address}"))


async def _serve(make: Callable[[], web.BaseRunner], address: Address, ready: str) -> None:
    runner = make()  # here, since a server binds to the loop that runs when it is made
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, address.host, address.port).start()
        except OSError as error:
            raise click.ClickException(f"cannot listen on {address}: {error.strerror}") from error
        click.echo(ready)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def _loopback(listen: str) -> Address:
    try:
        address = parse_address(listen)
    except SettingsRefused as error:
        raise click.UsageError(str(error)) from error
    if address.host not in LOOPBACK:
        raise click.UsageError(
            f"{address.host} is not loopback: this server trusts everybody and stays on this machine"
        )
    if address.port == 0:
        raise click.UsageError("name a port: the issuer's own URL has it")
    return address


def _users(path: Path | None) -> dict[str, dict[str, Any]]:
    if path is None:
        return {}
    try:
        users = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{path}: not JSON: {error}") from error
    if not isinstance(users, dict) or not all(isinstance(claims, dict) for claims in users.values()):
        raise click.ClickException(f"{path}: not an object of user names to objects of claims")
    return users
