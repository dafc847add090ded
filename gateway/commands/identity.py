"""``policylang identity``: the virtual identity of a user, as it stands in logs and counters."""

import json
import sys
from pathlib import Path

import click

from gateway.commands.plan_source import read_plan
from gateway.policy.identity_text import bearing
from gateway.settings import SettingsRefused, read_settings
from policylang.embed import virtual_identity


@click.command("identity")
@click.argument("source", metavar="RULES|PLAN", type=click.Path(exists=True, path_type=Path))
@click.option("--issuer", required=True, help="The issuer's name in the rules.")
@click.option(
    "--value", help="The value of the claim that `identity by` names; '-' or nothing reads it from standard input."
)
@click.option(
    "--settings",
    "settings_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The gateway's settings: identity.key_file is in them.",
)
@click.option("--env", "environment", metavar="NAME", help="Take setting values from env/NAME.toml of the rule set.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    source: Path, issuer: str, value: str | None, settings_file: Path, environment: str | None, form: str
) -> None:
    """Compute the virtual identity of a user: what logs, counters and metrics call it.

    \b
    Example: whose requests are these in the decision log?
      echo ana@example.com | policylang identity rules/ --issuer corp --settings settings.toml
    """
    try:
        key = read_settings(settings_file).identity_key
    except SettingsRefused as error:
        raise click.ClickException(str(error)) from error
    if key is None:
        raise click.ClickException(
            f"{settings_file}: identity.key_file is not set; without it identities change at each start"
        )
    plan = read_plan(source, environment)
    spec = next((candidate for candidate in plan.issuers if candidate.name == issuer), None)
    if spec is None:
        raise click.UsageError(f"no issuer is called {issuer}; there are {', '.join(i.name for i in plan.issuers)}")
    text = value if value not in {None, "-"} else sys.stdin.read().rstrip("\r\n")
    if not text:
        raise click.UsageError("give the claim's value, by --value or on standard input")
    try:
        identity = virtual_identity(spec, bearing(spec, text), key).hex()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    shown = {"identity": identity, "issuer": issuer, "claim": spec.identity}
    click.echo(json.dumps(shown) if form == "json" else identity)
