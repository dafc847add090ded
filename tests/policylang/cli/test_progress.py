import io

import pytest
from rich.console import Console

from policylang.cli.progress import Bar


def run(terminal: bool, seconds: float) -> tuple[str, bool]:
    """What a bar over three things wrote when each took so long, and whether it came up."""
    out = io.StringIO()
    now = [0.0]
    console = Console(file=out, force_terminal=terminal, width=60, legacy_windows=False)
    with Bar("tests", 3, console, lambda: now[0]) as bar:
        for _ in range(3):
            now[0] += seconds
            bar.advance()
        shown = bar.shown
    return out.getvalue(), shown


def test_it_comes_up_on_a_terminal_when_it_takes_long() -> None:
    text, shown = run(terminal=True, seconds=0.6)
    assert shown
    assert "tests" in text


@pytest.mark.parametrize(("terminal", "seconds"), [(True, 0.1), (False, 9.0)])
def test_it_stays_away_otherwise(terminal: bool, seconds: float) -> None:
    assert run(terminal, seconds) == ("", False)


def test_it_goes_away_after_an_error() -> None:
    out = io.StringIO()
    now = [0.0]
    bar = Bar("tests", 2, Console(file=out, force_terminal=True, width=60), lambda: now[0])

    def interrupted() -> None:
        with bar:
            now[0] = 2.0
            bar.advance()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert "\x1b[?25h" in out.getvalue()  # the cursor is back
