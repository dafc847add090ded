"""The table: as wide as the terminal, in its characters, and no figure cut."""

import pytest

from gateway.commands.usage_table import bytes_text, notes, time_text, to_table
from gateway.commands.usage_view import view
from tests.gateway.commands.usage_answers import by_hour, by_identity, by_route


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_it_fits_and_cuts_nothing(width: int, encoding: str) -> None:
    for answer in (by_hour(), by_route(), by_identity()):
        text = to_table(view(answer), width, encoding)
        body = [line for line in text.splitlines() if not line.startswith(("Usage", "denied"))]
        assert max(map(len, body)) <= width
        assert "…" not in text
        assert f"{answer['total']['requests']:,}" in text
        assert text.isascii() == (encoding == "ascii")


def test_a_wide_terminal_has_everything() -> None:
    text = to_table(view(by_hour()), 200, "utf-8")
    for title in (
        "requests",
        "admitted",
        "denied",
        "limited",
        "upstream errors",
        "bytes in",
        "bytes out",
        "p50",
        "p90",
        "p99",
    ):
        assert title in text
    lines = text.splitlines()
    assert lines[0] == "Usage, 2025-11-25 00:00 to 2025-11-25 04:00 UTC, by hour"
    first = next(line.split() for line in lines if "02:00" in line)
    wanted = "2025-11-25 02:00 ████████████████ 400 385 5 10 2 999 B 123.5 kB 3.8 ms 3.8 ms 73.7 ms"
    assert " ".join(first) == wanted
    assert lines[-1] == "denied: no_allow 8, denied 2"


def test_a_narrow_terminal_has_what_matters_most() -> None:
    text = to_table(view(by_hour()), 45, "utf-8")
    assert "requests" in text
    assert "p50" not in text
    assert max(map(len, text.splitlines()[1:])) <= 45


def test_ten_characters_are_enough_to_go_on() -> None:
    assert "501" in to_table(view(by_hour()), 10, "utf-8")


def test_groups_have_their_trend() -> None:
    text = to_table(view(by_route(2)), 120, "utf-8")
    row = next(line for line in text.splitlines() if "(none)" in line)
    assert "█  " in row
    assert "%" in next(line for line in to_table(view(by_route(2)), 120, "ascii").splitlines() if "(none)" in line)


def test_nothing_in_a_name_commands_the_terminal() -> None:
    answer = by_route(1)
    for row in (*answer["rows"], *answer["groups"]):
        row["route"] = "\x1b[2J[red]é" + "x" * 100
    text = to_table(view(answer), 120, "ascii")
    assert "\x1b" not in text
    assert "?[2J[red]?xx" in text
    assert "xxx..." in text


def test_notes_say_what_is_there() -> None:
    total = {"denied": {"no_allow": 1, "malformed": 1_000}, "abandoned": 2, "uncounted": 3}
    assert notes(total) == [
        "denied: malformed 1,000, no_allow 1",
        "left before there was a decision: 2",
        "let through while a limit could not be counted: 3",
    ]
    assert notes({"denied": {}, "abandoned": 0, "uncounted": 0}) == []


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (10**15, "1.0 PB"), (10**18, "1000.0 PB")]
)
def test_bytes(count: int, text: str) -> None:
    assert bytes_text(count) == text


@pytest.mark.parametrize(("micros", "text"), [(0, "0.0 ms"), (999_999, "1000.0 ms"), (1_000_000, "1.0 s")])
def test_times(micros: int, text: str) -> None:
    assert time_text(micros) == text
