"""The ``policylang`` command: finds sub-commands and runs one. Those that need sockets come from the gateway's package.

Exit codes: 0 nothing to complain about, 1 findings, 2 wrong usage (click's own for arguments).
"""

import importlib
from importlib.metadata import entry_points

import click

from policylang.cli.version import version

HERE = {
    "check": "policylang.cli.check",
    "compile": "policylang.cli.compile",
    "explain": "policylang.cli.explain",
    "lint": "policylang.cli.lint",
    "test": "policylang.cli.test",
    "fmt": "policylang.cli.fmt",
}
GROUP = "policylang.commands"


class Commands(click.Group):
    """Sub-commands, imported when they are asked for: ``--help`` of one does not pay for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The language's own commands and those of installed packages, by name."""
        del ctx
        return sorted({*HERE, *(entry.name for entry in entry_points(group=GROUP))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One sub-command, or None where there is none of that name."""
        del ctx
        if cmd_name in HERE:
            found: click.Command = importlib.import_module(HERE[cmd_name]).command
            return found
        for entry in entry_points(group=GROUP):
            if entry.name == cmd_name:
                loaded: click.Command = entry.load()
                return loaded
        return None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version(), "-V", "--version", prog_name="policylang")
def main() -> None:
    """Rules for API gateways: check them, compile them, explain what they decide, and serve them.

    \b
    Begin with a rule set of your own:
      policylang init my-rules --issuer https://auth.example.com
      policylang check my-rules
      policylang serve my-rules
    """


if __name__ == "__main__":
    main()
