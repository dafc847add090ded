"""``policylang admin``: identities, access keys and revocations of a running gateway, over its admin API."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import click

from gateway.commands.admin_client import AdminClient, client_of
from gateway.commands.admin_text import Moment, json_of, show, show_all, value_of

MOST = 100_000
PAGE = 1_000

Run = Callable[..., None]

_ids = click.argument("identity", metavar="IDENTITY")
_keyring = click.argument("keyring", metavar="KEYRING")
_kid = click.argument("kid", metavar="KID")
_metadata = click.option("--metadata", type=click.File("r"), help="JSON file of facts; - is standard input.")
_match = click.option("--if-version", "match", metavar="VERSION", help="Only if it is at this version.")
_expires = click.option("--expires", type=Moment(), help="An instant such as 2026-11-23T16:00:00Z, or +30m from now.")
_most = click.option("--limit", default=PAGE, show_default=True, type=click.IntRange(1, MOST), help="At most so many.")


def reaching(run: Run) -> Run:
    """The options of every command here; ``run`` gets the client and the form of its output first."""

    @click.option(
        "--settings",
        "settings_file",
        required=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="The gateway's settings: admin.credential and admin.address are in them.",
    )
    @click.option("--url", metavar="URL", help="Where the admin API is, if not at admin.address.")
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
    def invoke(settings_file: Path, url: str | None, form: str, **arguments: Any) -> None:
        run(client_of(settings_file, url), form, **arguments)

    invoke.__doc__ = run.__doc__
    existing = getattr(run, "__click_params__", [])
    invoke.__click_params__ = [*existing, *invoke.__click_params__]  # type: ignore[attr-defined]
    return invoke


@click.group("admin")
def command() -> None:
    """See and change identities, access keys and revocations of a running gateway.

    The credential is read from the settings (admin.credential). Exit codes: 1 the gateway refused, 2 wrong usage, 3 the
    gateway or its store did not answer.

    \b
    Examples:
      echo ana | policylang admin identity lookup --issuer corp --settings settings.toml
      policylang admin key create partners --expires +30m --settings settings.toml
    """


@command.group()
def identity() -> None:
    """Metadata of virtual identities."""


@identity.command("get")
@reaching
@_ids
def identity_get(client: AdminClient, form: str, identity: str) -> None:
    """Show what is kept for an identity."""
    show(client.ask("GET", f"/v1/identities/{_segment(identity)}"), form)


@identity.command("put")
@reaching
@_ids
@click.option("--metadata", required=True, type=click.File("r"), help="JSON file of facts; - is standard input.")
@_expires
@click.option("--new", is_flag=True, help="Only if nothing is kept for it yet.")
@_match
def identity_put(
    client: AdminClient, form: str, identity: str, metadata: TextIO, expires: str | None, new: bool, match: str | None
) -> None:
    """Keep these facts for an identity, and no others."""
    if new and match is not None:
        raise click.UsageError("--new and --if-version do not go together")
    body = {"metadata": json_of(metadata.read(), "--metadata"), **_given(expires=expires)}
    path = f"/v1/identities/{_segment(identity)}"
    show(client.ask("PUT", path, body, match="new" if new else match), form)


@identity.command("patch")
@reaching
@_ids
@_metadata
@_expires
@_match
def identity_patch(
    client: AdminClient, form: str, identity: str, metadata: TextIO | None, expires: str | None, match: str | None
) -> None:
    """Change some facts of an identity: a JSON merge patch, in which null takes a fact away."""
    body = _given(expires=expires, metadata=_facts(metadata))
    show(client.ask("PATCH", f"/v1/identities/{_segment(identity)}", body, match=match), form)


@identity.command("delete")
@reaching
@_ids
@_match
def identity_delete(client: AdminClient, form: str, identity: str, match: str | None) -> None:
    """Keep nothing for an identity any more."""
    show(client.ask("DELETE", f"/v1/identities/{_segment(identity)}", match=match), form)


@identity.command("lookup")
@reaching
@click.option("--issuer", required=True, help="The issuer's name in the rules.")
@click.option("--value", help="The claim's value; '-' or nothing reads it from standard input.")
def identity_lookup(client: AdminClient, form: str, issuer: str, value: str | None) -> None:
    """Find the virtual identity of a user."""
    show(client.ask("POST", "/v1/identities/lookup", {"issuer": issuer, "value": value_of(value)}), form)


@identity.command("list")
@reaching
@click.option("--prefix", default="", help="Only identities that begin so.")
@_most
def identity_list(client: AdminClient, form: str, prefix: str, limit: int) -> None:
    """List identities that have metadata."""
    show_all(_pages(client, "/v1/identities", "identities", limit, _given(prefix=prefix or None)), form)


@command.group()
def key() -> None:
    """Access keys."""


@key.command("create")
@reaching
@_keyring
@click.option(
    "--kind",
    type=click.Choice(["opaque", "HS256", "HS384", "HS512", "public"]),
    default="opaque",
    show_default=True,
    help="Presented itself, a secret to sign JWTs with, or the public key of JWTs.",
)
@click.option("--jwk", type=click.File("r"), help="JSON file of the public key, for --kind public.")
@click.option("--claims", type=click.File("r"), help="JSON file of the claims of an opaque key.")
@_metadata
@_expires
def key_create(
    client: AdminClient,
    form: str,
    keyring: str,
    kind: str,
    jwk: TextIO | None,
    claims: TextIO | None,
    metadata: TextIO | None,
    expires: str | None,
) -> None:
    """Make a key. Its secret is printed, and never shown again."""
    if (kind == "public") != (jwk is not None):
        raise click.UsageError("--kind public and --jwk go together")
    proof: dict[str, Any] = {"kind": kind} if kind in {"opaque", "public"} else {"kind": "hmac", "alg": kind}
    if jwk is not None:
        proof["jwk"] = json_of(jwk.read(), "--jwk")
    said = None if claims is None else json_of(claims.read(), "--claims")
    body = {"proof": proof, **_given(claims=said, metadata=_facts(metadata), expires=expires)}
    show(client.ask("POST", f"/v1/keyrings/{_segment(keyring)}/keys", body), form)


@key.command("list")
@reaching
@_keyring
@_most
def key_list(client: AdminClient, form: str, keyring: str, limit: int) -> None:
    """List the keys of a keyring, without their secrets."""
    found = _pages(client, f"/v1/keyrings/{_segment(keyring)}/keys", "keys", limit, {})
    show_all([{"kid": one.pop("kid"), **one} for one in found], form)


@key.command("show")
@reaching
@_keyring
@_kid
def key_show(client: AdminClient, form: str, keyring: str, kid: str) -> None:
    """Show a key, without its secret."""
    show(client.ask("GET", _key(keyring, kid)), form)


@key.command("rotate")
@reaching
@_keyring
@_kid
@_match
def key_rotate(client: AdminClient, form: str, keyring: str, kid: str, match: str | None) -> None:
    """Give a key another secret; the one before ends within a second."""
    show(client.ask("POST", f"{_key(keyring, kid)}/rotate", match=match), form)


@key.command("disable")
@reaching
@_keyring
@_kid
def key_disable(client: AdminClient, form: str, keyring: str, kid: str) -> None:
    """Let nobody in by a key, until it is enabled."""
    show(client.ask("PATCH", _key(keyring, kid), {"disabled": True}), form)


@key.command("enable")
@reaching
@_keyring
@_kid
def key_enable(client: AdminClient, form: str, keyring: str, kid: str) -> None:
    """Take a disabled key again."""
    show(client.ask("PATCH", _key(keyring, kid), {"disabled": False}), form)


@key.command("delete")
@reaching
@_keyring
@_kid
@_match
def key_delete(client: AdminClient, form: str, keyring: str, kid: str, match: str | None) -> None:
    """Remove a key for good."""
    show(client.ask("DELETE", _key(keyring, kid), match=match), form)


@command.command("revoke")
@reaching
@click.option("--identity", metavar="IDENTITY", help="Take back the tokens of this virtual identity.")
@click.option("--issuer", help="Take back tokens of this issuer: with --before, or the one that --jti names.")
@click.option("--jti", metavar="JTI", help="The token's jti; '-' reads it from standard input.")
@click.option("--before", type=Moment(), help="Only tokens issued before this instant.")
@_expires
def revoke(
    client: AdminClient,
    form: str,
    identity: str | None,
    issuer: str | None,
    jti: str | None,
    before: str | None,
    expires: str | None,
) -> None:
    """Take tokens back before their time, on every gateway, within a second."""
    if (identity is None) == (issuer is None):
        raise click.UsageError("give --identity or --issuer")
    said = _given(identity=identity, issuer=issuer, issued_before=before, expires=expires)
    show(client.ask("POST", "/v1/revocations", {**said, **({} if jti is None else {"jti": value_of(jti)})}), form)


@command.command("revocations")
@reaching
@click.option("--prefix", default="", help="Only names that begin so, such as issuer: or identity:.")
@_most
def revocations(client: AdminClient, form: str, prefix: str, limit: int) -> None:
    """List revocations."""
    show_all(_pages(client, "/v1/revocations", "revocations", limit, _given(prefix=prefix or None)), form)


@command.command("unrevoke")
@reaching
@click.argument("revocation", metavar="NAME")
def unrevoke(client: AdminClient, form: str, revocation: str) -> None:
    """End a revocation, by its name in the list."""
    show(client.ask("DELETE", f"/v1/revocations/{_segment(revocation)}"), form)


def _pages(client: AdminClient, path: str, member: str, limit: int, query: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = client.ask("GET", path, query={**query, "limit": str(min(PAGE, limit - len(found)))})
        found += answer[member]
        if "next" not in answer:
            return found
        if len(found) >= limit:
            click.echo(f"there are more; these are the first {len(found)}", err=True)
            return found
        query = {**query, "after": answer["next"]}


def _facts(file: TextIO | None) -> dict[str, Any] | None:
    return None if file is None else json_of(file.read(), "--metadata")


def _key(keyring: str, kid: str) -> str:
    return f"/v1/keyrings/{_segment(keyring)}/keys/{_segment(kid)}"


def _segment(text: str) -> str:
    """A part of a path that stays one; what is refused is not repeated, since it may be a secret in the wrong place."""
    if not text or not all(character.isascii() and (character.isalnum() or character in "_:") for character in text):
        raise click.UsageError("identities, keyrings, key ids and names of revocations are of a-z 0-9 _ and :")
    return text


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
