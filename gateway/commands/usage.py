"""``policylang usage``: who used what, from the admin API of a running gateway, as a table, a chart, CSV or JSON."""

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gateway.commands.admin_client import AdminClient, client_at
from gateway.commands.usage_csv import to_csv
from gateway.commands.usage_svg import to_svg
from gateway.commands.usage_table import to_table
from gateway.commands.usage_times import span
from gateway.commands.usage_view import view
from gateway.settings import Settings, SettingsRefused, read_settings
from gateway.usage.json_answer import identity_of, instant
from gateway.usage.periods import By
from gateway.usage.port import TOP_AT_MOST, Query, QueryRefused

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FILE_WIDTH = 120


@click.command("usage")
@click.option("--url", metavar="URL", help="The gateway's admin listener; the settings' admin.address without it.")
@click.option("--settings", "settings_file", type=FILE, help="The gateway's settings: admin.credential is in them.")
@click.option("--credential-file", type=FILE, help="A file with the credential alone, in place of the settings.")
@click.option("--identity", metavar="HEX", help="Of one identity; `anonymous` and `others` are identities too.")
@click.option("--issuer", help="Of one user of this issuer, by the value of the claim that `identity by` names.")
@click.option("--value-file", type=FILE, help="A file with that value; standard input without it.")
@click.option("--from", "since", metavar="TIME", help="Beginning, such as 2026-11-23 or 2026-11-23T15:00; UTC.")
@click.option("--to", "until", metavar="TIME", help="End; now without it.")
@click.option("--last", metavar="TIME", help="The last 24h, 7d or 2w.  [default: 24h]")
@click.option("--by", type=click.Choice(["hour", "day"]), help="[default: hour up to two days, else day]")
@click.option("--group", type=click.Choice(["policy", "route"]), help="Sum by policy or route.")
@click.option("--top", type=click.IntRange(1, TOP_AT_MOST), metavar="N", help="The N identities with most requests.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json", "svg"]), default="table", show_default=True
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def command(
    url: str | None,
    settings_file: Path | None,
    credential_file: Path | None,
    identity: str | None,
    issuer: str | None,
    value_file: Path | None,
    since: str | None,
    until: str | None,
    last: str | None,
    by: By | None,
    group: str | None,
    top: int | None,
    form: str,
    output: Path | None,
) -> None:
    """Show who used what, by hour or day.

    \b
    Examples:
      policylang usage --settings settings.toml --last 7d --group route
      echo ana | policylang usage --settings settings.toml --issuer corp
      policylang usage --settings settings.toml --top 10 --format svg --output top.svg
    """
    admin = _admin(url, settings_file, credential_file)
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    start, end, chosen = span(since, until, last, by, now)
    query = _query(start, end, chosen, group, top)
    whose = _whose(admin, identity, issuer, value_file)
    if whose is not None and top is not None:
        raise click.UsageError("--top is of everybody: leave --identity and --issuer out")
    path = "/v1/usage" if whose is None else f"/v1/identities/{whose}/usage"
    text = _text(admin.ask("GET", path, query=query), form, output)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error


def _admin(url: str | None, settings_file: Path | None, credential_file: Path | None) -> AdminClient:
    """Where to ask, and with what."""
    try:
        settings = read_settings(settings_file) if settings_file is not None else Settings()
    except SettingsRefused as error:
        raise click.ClickException(str(error)) from error
    credential = settings.admin_credential
    if credential_file is not None:
        credential = _read(credential_file).encode()
    if not credential:
        if settings_file is not None and credential_file is None:
            raise click.ClickException(f"{settings_file}: admin.credential is not set, so the admin API is off")
        raise click.UsageError("give the credential of the admin API: --settings FILE or --credential-file FILE")
    if not all(0x21 <= byte <= 0x7E for byte in credential):
        raise click.ClickException("the credential has characters that none has: it is visible ASCII without spaces")
    return client_at(url or f"http://{settings.admin}", credential)


def _query(start: int, end: int, by: By, group: str | None, top: int | None) -> dict[str, str]:
    """The parameters of the question, checked here as the gateway checks them. Raises click.UsageError."""
    try:
        checked = Query(start, end, by, group="policy" if group else "none", top=top or 0)
    except QueryRefused as error:
        raise click.UsageError(str(error)) from error
    periods = checked.periods
    query = {"from": instant(periods[0]), "to": instant(periods[-1] + periods.step), "by": by}
    if group is not None:
        query["group"] = group
    if top is not None:
        query["top"] = str(top)
    return query


def _whose(admin: AdminClient, identity: str | None, issuer: str | None, value_file: Path | None) -> str | None:
    """The identity that is asked for, hexadecimal; None is everybody."""
    if identity is not None and issuer is not None:
        raise click.UsageError("give --identity or --issuer")
    if issuer is None:
        if value_file is not None:
            raise click.UsageError("--value-file goes with --issuer")
        if identity is not None:
            try:
                identity_of(identity)
            except ValueError as error:
                raise click.UsageError(f"--identity: {error}") from error
        return identity
    value = _read(value_file) if value_file is not None else sys.stdin.read().rstrip("\r\n")
    if not value:
        raise click.UsageError("give the claim's value, by --value-file or on standard input")
    found = admin.ask("POST", "/v1/identities/lookup", {"issuer": issuer, "value": value}).get("identity")
    if not isinstance(found, str):
        raise click.ClickException(f"{admin.url} did not answer as the admin API does")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path} cannot be read as text") from error


def _text(answer: dict[str, Any], form: str, output: Path | None) -> str:
    """The answer in the format that is wanted, for a file or the terminal."""
    shown = view(answer)
    if form == "json":
        return json.dumps(answer, indent=2) + "\n"
    if form == "csv":
        return to_csv(answer)
    if not shown.lines:
        raise click.ClickException(
            f"no requests: {shown.title}. Figures arrive a few seconds after the requests, and are kept as long as "
            "`usage` in the settings says"
        )
    if form == "svg":
        return to_svg(shown)
    if output is not None:
        return to_table(shown, FILE_WIDTH, "utf-8")
    return to_table(shown, shutil.get_terminal_size((FILE_WIDTH, 24)).columns, sys.stdout.encoding or "ascii")
