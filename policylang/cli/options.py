"""Options that several sub-commands share, and how output finds out about colours."""

import os
from pathlib import Path
from typing import Literal

import click

from policylang.source.rule_sets import rule_sets

Format = Literal["text", "json"]

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
scan_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for code scanning (SARIF 2.1.0).",
)
environment_option = click.option(
    "--env", "environment", metavar="NAME", help="Take setting values from env/NAME.toml of the rule set."
)
color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours; auto: only on a terminal.",
)


def several(path: Path, form: str) -> tuple[Path, ...]:
    """The rule sets at a path. Only text can be told of several: anything else (``form``) is one document about one."""
    found = rule_sets(path)
    if len(found) > 1 and form != "text":
        raise click.UsageError(f"{path} holds several rule sets; name one: {', '.join(str(each) for each in found)}")
    return found


def wants_color(choice: str, stream: object) -> bool:
    """Whether to colour what goes to a stream: https://no-color.org is obeyed, a pipe gets none."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and bool(getattr(stream, "isatty", lambda: False)())
