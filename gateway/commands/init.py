"""``policylang init``: a rule set that works, from a pasted token or an issuer's URL."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import click

from gateway.authn.key_fetch import FetchFailed, KeyPlace
from gateway.authn.key_fetch_http import KeyFetcherHttp
from gateway.commands.init_text import Shown, claims_of, environment_text, rules_text, settings_text
from gateway.policy.compile_process import RulesRefused, compile_rules
from policylang.embed import TokenRefused, read_compact

ASYMMETRIC = ("ES256", "EdDSA", "RS256", "PS256", "ES384", "ES512", "RS384", "RS512", "PS384", "PS512")
EXAMPLE_ISSUER = "https://auth.example.com"
EXAMPLE_AUDIENCE = "https://api.example.com"


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
@click.option("--audience", help="The aud that tokens must have.")
@click.option("--upstream", default="http://127.0.0.1:9000", show_default=True, help="Where requests go.")
def command(folder: Path, token_file: TextIO | None, issuer: str | None, audience: str | None, upstream: str) -> None:
    """Write a rule set to DIR: one issuer, one route, one allow, and a test; it compiles and serves as it is.

    The token is read, never verified or stored: its issuer, audience, algorithm and the names and types of its claims go
    into the rules, its values do not.

    \b
    Examples:
      policylang init my-rules --issuer https://auth.example.com --audience https://api.example.com
      pbpaste | policylang init my-rules --token -
    """
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise click.UsageError(f"{folder} is there and not empty; nothing was written")
    shown = _from_issuer(issuer, audience) if token_file is None else _from_token(_text(token_file), audience)
    files = {
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
    )


def _from_issuer(issuer: str | None, audience: str | None) -> Shown:
    if issuer is None:
        click.echo(f"no token and no issuer: {EXAMPLE_ISSUER} stands for yours", err=True)
        return Shown(EXAMPLE_ISSUER, audience or EXAMPLE_AUDIENCE, ("ES256",), (), None)
    algorithms = asyncio.run(_algorithms(issuer))
    return Shown(issuer, audience or EXAMPLE_AUDIENCE, algorithms, (), None)


async def _algorithms(issuer: str) -> tuple[str, ...]:
    """The algorithms of the issuer's published keys: what its tokens can be signed with."""
    fetcher = KeyFetcherHttp(frozenset(_private(issuer)))
    try:
        fetched = await fetcher.fetch(KeyPlace("discovered", issuer))
    finally:
        await fetcher.close()
    if isinstance(fetched, FetchFailed):
        raise click.ClickException(f"{issuer} did not give its keys: {fetched.reason}")
    keys = fetched.document.get("keys")
    found = (
        {str(key.get("alg") or _usual(key)) for key in keys if isinstance(key, dict)}
        if isinstance(keys, list)
        else set()
    )
    return tuple(name for name in ASYMMETRIC if name in found) or ("ES256",)


def _usual(key: dict[str, object]) -> str:
    """The algorithm that a key without ``alg`` is made for, by its type and curve (RFC 7518 section 6, RFC 8037)."""
    curves = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}
    return curves.get(str(key.get("crv")), "RS256")


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
