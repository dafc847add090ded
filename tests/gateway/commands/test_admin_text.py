"""What the commands print and read."""

from datetime import UTC, datetime

import click
import pytest

from gateway.commands.admin_text import Moment, json_of, show, show_all, value_of


def test_one_thing(capsys: pytest.CaptureFixture[str]) -> None:
    show({"kid": "a1", "disabled": False}, "text")
    show({}, "text")
    show({"a": "é"}, "json")
    assert capsys.readouterr().out == 'kid       a1\ndisabled  false\n{"a": "é"}\n'


def test_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    show_all([{"kid": "a1", "n": 1, "m": {"a": "b"}}], "text")
    show_all([], "json")
    assert capsys.readouterr().out == 'a1  n=1  m={"a":"b"}\n[]\n'


@pytest.mark.parametrize("text", ["", "[]", "{secret", "[" * 100_000])
def test_what_is_no_object(text: str) -> None:
    with pytest.raises(click.UsageError) as raised:
        json_of(text, "--metadata")
    assert "secret" not in str(raised.value)


def test_values() -> None:
    assert value_of("ana") == "ana"
    assert json_of('{"a": 1}', "--metadata") == {"a": 1}


def test_moments() -> None:
    moment = Moment(lambda: datetime(2031, 1, 31, 23, 45, 7, 999, tzinfo=UTC))
    assert moment.convert("2031-01-31T12:00:00Z", None, None) == "2031-01-31T12:00:00Z"
    assert moment.convert("+30m", None, None) == "2031-02-01T00:15:07Z"
    assert moment.convert("+2d", None, None) == "2031-02-02T23:45:07Z"
    for text in ("tomorrow", "+30", "+30w", "2031-02-30T12:00:00Z", "2031-01-31", "+999999999d"):
        with pytest.raises(click.BadParameter):
            moment.convert(text, None, None)
