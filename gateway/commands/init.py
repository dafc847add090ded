"""``policylang init``: a rule set that works, from a pasted token or an issuer's URL."""

import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import click

from gateway.authn.key_fetch import FetchFailed, KeyPlace
from gateway.authn.key_fetch_http import KeyFetcherHttp
from gateway.commands.init_keys import GivenKeys, algorithms_of, given_keys
from gateway.commands.init_text import Shown, claims_of, environment_text, lifetime_of, rules_text, settings_text
from gateway.policy.compile_process import RulesRefused, compile_rules
from policylang.embed import TokenRefused, read_compact

EXAMPLE_ISSUER = "https://auth.example.com"
EXAMPLE_AUDIENCE = "https://api.example.com"
KEYS_FILE = "keys/main.json"


class OutOfReach(click.ClickException):
    """The issuer cannot be asked: exit code 2, since another command line is what helps."""

    exit_code = 2


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--token",
    "token_file",
    metavar="FILE",
    type=click.File("r"),
    help="A file with an access token; - is standard input.",
)
@click.option("--issuer", metavar="URL", help="An authorization server; its metadata document is read.")
@click.option(
    "--keys",
    "keys_file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The issuer's key set, saved as JSON: it is copied into DIR, and the issuer is not asked.",
)
@click.option("--audience", help="The aud that tokens must have.")
@click.option("--upstream", default="http://127.0.0.1:9000", show_default=True, help="Where requests go.")
def command(
    folder: Path,
    token_file: TextIO | None,
    issuer: str | None,
    keys_file: Path | None,
    audience: str | None,
    upstream: str,
) -> None:
    """Write a rule set to DIR: one issuer, one route, one allow, and a test; it compiles and serves as it is.

    The token is read, never verified or stored: its issuer, audience, algorithm and the names and types of its claims go
    into the rules, its values do not.

    \b
    Examples:
      policylang init my-rules --issuer https://auth.example.com --audience https://api.example.com
      policylang init my-rules --issuer https://auth.example.com --keys jwks.json
      pbpaste | policylang init my-rules --token -
    """
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise click.UsageError(f"{folder} is there and not empty; nothing was written")
    if keys_file is not None and issuer is None and token_file is None:
        raise click.UsageError("--keys has an issuer's keys: say which issuer, by --issuer or by a --token of it")
    keys = None if keys_file is None else given_keys(keys_file)
    shown = (
        _from_issuer(folder, issuer, audience, keys) if token_file is None else _from_token(_text(token_file), audience)
    )
    files = {} if keys is None else {KEYS_FILE: keys.text}
    shown = replace(shown, keys_file=None if keys is None else KEYS_FILE)
    files |= {
        "gateway.rules": rules_text(shown),
        "env/local.toml": environment_text(upstream),
        "settings.toml": settings_text(_private(shown.iss)),
    }
    for name, text in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
        click.echo(f"wrote {path}")
    _prove(folder)
    click.echo(f"\nnext: policylang serve {folder} --env local --settings {folder / 'settings.toml'} --watch")


def _text(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as error:
        raise click.ClickException("this is no access token that a gateway would take: it is not text") from error


def _from_token(text: str, audience: str | None) -> Shown:
    token = text.strip().removeprefix("Bearer ").strip()
    try:
        compact = read_compact(token.encode("ascii", "replace"))
    except TokenRefused as error:
        raise click.ClickException(f"this is no access token that a gateway would take: {error}") from error
    iss = compact.payload.get("iss")
    if not isinstance(iss, str) or not iss:
        raise click.ClickException("the token has no iss: which issuer it comes from is the first thing a rule needs")
    aud = compact.payload.get("aud")
    first = aud[0] if isinstance(aud, list) and aud else aud
    claims = claims_of(compact.payload)
    scope = compact.payload.get("scope")
    words = scope.split() if isinstance(scope, str) else scope if isinstance(scope, list) else []
    if compact.alg.startswith("HS"):
        raise click.ClickException("the token is signed with a shared secret: write `keys secret.NAME` by hand")
    return Shown(
        iss=iss,
        audience=audience or (first if isinstance(first, str) and first else EXAMPLE_AUDIENCE),
        algorithms=(compact.alg,),
        claims=claims,
        scope=next((word for word in words if isinstance(word, str) and word), None),
        lifetime=lifetime_of(compact.payload),
    )


def _from_issuer(folder: Path, issuer: str | None, audience: str | None, keys: GivenKeys | None) -> Shown:
    if issuer is None:
        click.echo(f"no token and no issuer: {EXAMPLE_ISSUER} stands for yours", err=True)
        return Shown(EXAMPLE_ISSUER, audience or EXAMPLE_AUDIENCE, ("ES256",), (), None)
    algorithms = asyncio.run(_algorithms(folder, issuer)) if keys is None else keys.algorithms
    return Shown(issuer, audience or EXAMPLE_AUDIENCE, algorithms, (), None)


async def _algorithms(folder: Path, issuer: str) -> tuple[str, ...]:
    """The algorithms of the issuer's published keys: what its tokens can be signed with."""
    fetcher = KeyFetcherHttp(frozenset(_private(issuer)))
    try:
        fetched = await fetcher.fetch(KeyPlace("discovered", issuer))
    finally:
        await fetcher.close()
    if isinstance(fetched, FetchFailed):
        raise OutOfReach(
            f"{issuer} did not give its keys: {fetched.reason}\n"
            "Nothing was written. It goes without the network too:\n"
            f"  with an access token of that issuer, in a file or pasted:  policylang init {folder} --token FILE (or -)\n"
            f"  with its key set, saved from its jwks_uri:                 policylang init {folder} --issuer URL --keys FILE"
        )
    return algorithms_of(fetched.document)


def _private(iss: str) -> tuple[str, ...]:
    """Loopback hosts are listed for the egress check: only a development issuer lives there."""
    try:
        host = urlsplit(iss).hostname or ""
    except ValueError:  # brackets that hold no address: the fetch or the compiler says so
        return ()
    return (host,) if host in {"127.0.0.1", "localhost", "::1"} else ()


def _prove(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="policylang-") as scratch:
        try:
            asyncio.run(compile_rules(folder, "local", Path(scratch) / "plan.json"))
        except RulesRefused as error:
            click.echo(str(error), err=True)
            click.echo("the rule set that was written does not compile as it stands: see above", err=True)
            sys.exit(1)
    click.echo("the rule set compiles")
