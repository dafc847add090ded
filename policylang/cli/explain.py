"""``policylang explain``: what the rules decide of a request, and why; nothing is sent."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import click

from policylang.cli.ask_input import Given, ask_of
from policylang.cli.options import color_option, environment_option, format_option, several
from policylang.cli.report import report
from policylang.codegen.compiled import CompiledPlan
from policylang.compiler import compile_path
from policylang.explain.render_text import render_text
from policylang.explain.to_json import to_json
from policylang.explain.tree import counter
from policylang.plan.codec import decode
from policylang.plan.model import Plan
from policylang.plan.refused import PlanRefused
from policylang.plan.written import amount, type_term
from policylang.runtime.decision import Decision
from policylang.simulate.record import amount_of
from policylang.simulate.simulation import Simulation
from policylang.token.fields import field_problems


@click.command("explain")
@click.argument("path", metavar="[RULES|PLAN]", default="rules", type=click.Path(exists=True, path_type=Path))
@environment_option
@click.option("--request", required=True, metavar='"METHOD TARGET"', help='Such as "GET /v1/acme/orders?page=2".')
@click.option("--token", metavar="FILE", type=click.File("r"), help="An access token; its signature is not checked.")
@click.option(
    "--claims", metavar="JSON", help="A token's payload, by its own member names; iss, aud, iat and exp are filled in."
)
@click.option(
    "--issuer", metavar="NAME", help="Whose claims they are, where the rules have several issuers and keyrings."
)
@click.option("--metadata", metavar="JSON", help='The identity\'s facts; "down": they cannot be had.')
@click.option(
    "--header", "headers", multiple=True, metavar='"NAME: VALUE"', help="A header of the request; repeatable."
)
@click.option("--host", default="gateway.test", show_default=True, help="The Host of the request.")
@click.option("--client-ip", default="127.0.0.1", show_default=True, help="Where the request comes from.")
@click.option("--at", metavar="INSTANT", help="When, such as 2026-01-31T12:00:00Z; now without it.")
@click.option(
    "--values/--no-values", default=None, help="Show values of claims. Default: with --claims, not with --token."
)
@format_option
@color_option
def command(
    path: Path,
    environment: str | None,
    request: str,
    token: TextIO | None,
    claims: str | None,
    issuer: str | None,
    metadata: str | None,
    headers: tuple[str, ...],
    host: str,
    client_ip: str,
    at: str | None,
    values: bool | None,
    form: str,
    color: str,
) -> None:
    """Explain a decision: the rules in scope and their values, the condition that decided, the closest allow and what it
    lacked, and the headers and identity tokens that would be sent. Exit code 1 when the request is denied, 2 when the
    question is none: options that cannot be read, or metadata that no gateway would load.

    \b
    Examples:
      policylang explain rules/ --request "GET /v1/acme/orders" --claims '{"sub": "u1", "scope": "orders:read"}'
      policylang explain plan.json --request "POST /v1/acme/orders" --token token.txt --metadata '{"roles": ["sre"]}'
    """
    plan = _plan(path, environment, color)
    given = Given(
        request, headers, host, None if token is None else token.read(), claims, issuer, metadata, at, client_ip
    )
    ask = ask_of(given, plan)
    notes = [f"--metadata: {note}" for note in metadata_notes(plan, ask.metadata)]
    if notes and ask.metadata:
        # What no gateway would load is a slip of the hand: an answer to it would look like one that counts.
        raise click.UsageError("\n".join(notes))
    for note in notes:
        click.echo(note, err=True)
    shown = values if values is not None else token is None
    # Secrets have no values here: their names stand for them in the headers that are shown.
    simulation = Simulation(CompiledPlan(plan, {name: f"(secret {name})" for name in plan.secrets}))
    decision, tree = simulation.explain(ask, "shown" if shown else "hidden")
    if form == "json":
        click.echo(
            json.dumps({"explanation": to_json(tree), "decision": _sent(decision, shown)}, indent=2, default=list)
        )
    else:
        click.echo(render_text(tree) + _sent_text(decision, shown), nl=False)
    if decision.kind == "no_route":
        click.echo("--host says which Host the request has", err=True)
    if decision.status != 200:
        sys.exit(1)


def metadata_notes(plan: Plan, stored: Mapping[str, object] | None) -> Iterator[str]:
    """What is wrong with an identity's metadata, and what follows from it; nothing where it decodes, or is down."""
    if plan.metadata is None or stored is None:
        if stored:
            yield "the rules declare no metadata, so it means nothing"
        return
    specs = plan.metadata.fields
    problems = field_problems(specs, stored)
    for problem in problems:
        hint = "" if problem.spec is None else f"; did you mean `{problem.spec.name}`?"
        if problem.kind == "unknown":
            name = list(stored)[problem.member - 1]
            yield f"no field is called `{name}`: the rules declare {', '.join(spec.name for spec in specs)}{hint}"
        elif problem.spec is not None:
            found = f"found {problem.found}" if problem.found else "and there is none"
            yield f"`{problem.spec.name}`: expected {type_term(problem.spec.type)}, {found}"
    if any(problem.kind != "unknown" for problem in problems):
        yield "so all of this identity's metadata is a fault"
    if stored and problems:
        yield "a gateway does not load a file with such facts"


def _plan(path: Path, environment: str | None, color: str) -> Plan:
    if path.suffix == ".json":
        try:
            return decode(path.read_bytes())
        except PlanRefused as error:
            raise click.ClickException(f"{path}: {error}") from error
    several(path, "decision")
    result = compile_path(path, environment)
    if result.plan is None:
        report(result.diagnostics, result.tree, path, "text", color)
        sys.exit(1)
    return result.plan


def _sent(decision: Decision, shown: bool) -> dict[str, object]:
    """The decision record; without values only names are left of headers and claims, and keys of counters go."""
    record = asdict(decision)
    if not shown:
        record["request_headers"] = [name for name, _ in decision.request_headers]
        record["response_headers"] = [name for name, _ in decision.response_headers]
        record["minted"] = [
            [token, header, [name for name, _ in claims]] for token, header, _, claims in decision.minted
        ]
    record["charges"] = [
        {"limit": charge.limit, "amount": list(charge.amount), "written": amount(amount_of(charge))}
        for charge in decision.charges
    ]
    return record


def _sent_text(decision: Decision, shown: bool) -> str:
    lines: list[str] = []
    for title, pairs in (("to the service", decision.request_headers), ("to the client", decision.response_headers)):
        if pairs:
            lines.append(f"headers {title}:")
            lines += [f"  {name}: {value}" if shown else f"  {name}" for name, value in pairs]
    for token, header, subject, claims in decision.minted:
        lines.append(f"identity token {token} in {header}:")
        pairs = (("sub", subject), *claims)
        lines += [f"  {name}: {json.dumps(value, default=list)}" if shown else f"  {name}" for name, value in pairs]
    if decision.charges:
        lines.append("limits charged:" if decision.status == 200 else "limits reached:")
        lines += [f"  {counter(charge.limit)}: {amount(amount_of(charge))}" for charge in decision.charges]
    return "".join(f"{line}\n" for line in lines)
