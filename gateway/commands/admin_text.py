"""What the ``policylang admin`` commands print, and how they read bodies and times from the command line."""

import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_AHEAD = re.compile(r"\+([0-9]{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def show(answer: dict[str, Any], form: str) -> None:
    """One thing: JSON as the API has it, or a line for each member."""
    if form == "json":
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    width = max(map(len, answer), default=0)
    for name, value in answer.items():
        click.echo(f"{name:<{width}}  {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")


def show_all(things: list[dict[str, Any]], form: str) -> None:
    """A list: a JSON array, or a line for each thing."""
    if form == "json":
        click.echo(json.dumps(things, ensure_ascii=False))
        return
    for thing in things:
        first, *others = thing.items()
        click.echo("  ".join([str(first[1]), *(f"{name}={_short(value)}" for name, value in others)]))


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_of(text: str, what: str) -> dict[str, Any]:
    """An object from a file or from standard input. No message repeats any of it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{what}: not JSON") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"{what}: not a JSON object")
    return found


def value_of(value: str | None) -> str:
    """A personal value: from standard input unless it was given; arguments are seen by every user of the machine."""
    text = value if value not in {None, "-"} else sys.stdin.read().rstrip("\r\n")
    if not text:
        raise click.UsageError("give the claim's value, by --value or on standard input")
    return text


class Moment(click.ParamType[str]):
    """``2026-11-23T16:00:00Z``, or ``+30m``: from now, by this machine's clock (s, m, h, d); the API takes instants alone."""

    name = "time"

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The instant as the API has it."""
        text = str(value)
        ahead = _AHEAD.fullmatch(text)
        if ahead is None:
            try:
                datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            except ValueError:
                self.fail("a time is written 2026-11-23T16:00:00Z, or +30m from now", param, ctx)
            return text
        try:
            moment = self._clock() + timedelta(**{_UNITS[ahead[2]]: int(ahead[1])})
        except OverflowError:
            self.fail("that is too far ahead", param, ctx)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
