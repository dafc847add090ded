"""Options that several sub-commands share, and how output finds out about colours."""

import os
from typing import Literal

import click

Format = Literal["text", "json"]

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
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


def wants_color(choice: str, stream: object) -> bool:
    """Whether to colour what goes to a stream: https://no-color.org is obeyed, a pipe gets none."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and bool(getattr(stream, "isatty", lambda: False)())
