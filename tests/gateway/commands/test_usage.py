"""``policylang usage``: what it asks, what it prints, and what it says when it cannot."""

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from gateway.commands.usage import command
from tests.gateway.commands.usage_answers import by_hour, by_identity, by_route, nothing
from tests.gateway.commands.usage_api import Api, serving

SECRET = "s" * 40
Ask = Callable[..., Result]


@pytest.fixture
def api() -> Iterator[Api]:
    with serving() as served:
        served.say(200, by_hour())
        yield served


@pytest.fixture
def credential(tmp_path: Path) -> Path:
    path = tmp_path / "credential"
    path.write_text(SECRET + "\n", encoding="ascii")
    return path


@pytest.fixture
def ask(api: Api, credential: Path) -> Ask:
    def invoke(*arguments: object, stdin: str | None = None) -> Result:
        given = ["--url", api.url, "--credential-file", str(credential), *map(str, arguments)]
        return CliRunner().invoke(command, given, input=stdin, env={"COLUMNS": "120"})

    return invoke


def query(api: Api) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(api.requests[-1].line.split()[1]).query).items()}


def test_a_table_of_the_last_day(ask: Ask, api: Api) -> None:
    done = ask()
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Usage, 2025-11-25 00:00 to 2025-11-25 04:00 UTC, by hour\n")
    assert "501" in done.stdout
    assert api.requests[0].line.startswith("GET /v1/usage?")
    assert api.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    assert query(api)["by"] == "hour"
    assert done.stderr == ""


def test_the_question_is_what_the_options_say(ask: Ask, api: Api) -> None:
    api.answers[:] = [(200, json.dumps(by_route()).encode())]
    assert ask("--from", "2025-11-25T00:30", "--to", "2025-11-28", "--by", "day", "--group", "route").exit_code == 0
    assert query(api) == {
        "from": "2025-11-25T00:00:00Z",
        "to": "2025-11-28T00:00:00Z",
        "by": "day",
        "group": "route",
    }
    api.answers[:] = [(200, json.dumps(by_identity()).encode())]
    done = ask("--top", 2, "--last", "7d")
    assert query(api)["top"] == "2"
    assert "1,234,567" in done.stdout


def test_of_an_identity(ask: Ask, api: Api) -> None:
    assert ask("--identity", "aa" * 16).exit_code == 0
    assert api.requests[0].line.startswith(f"GET /v1/identities/{'aa' * 16}/usage?")
    assert ask("--identity", "others").exit_code == 0
    assert api.requests[1].line.startswith("GET /v1/identities/others/usage?")


@pytest.mark.parametrize("by_file", [False, True])
def test_of_a_user_whose_value_is_in_no_url_and_no_argument(ask: Ask, api: Api, tmp_path: Path, by_file: bool) -> None:
    api.answers[:] = [(200, json.dumps({"identity": "ab" * 16}).encode()), (200, json.dumps(by_hour()).encode())]
    (tmp_path / "value").write_text("ana\n", encoding="utf-8")
    done = (
        ask("--issuer", "corp", "--value-file", tmp_path / "value")
        if by_file
        else ask("--issuer", "corp", stdin="ana\n")
    )
    assert done.exit_code == 0, done.output
    assert json.loads(api.requests[0].body) == {"issuer": "corp", "value": "ana"}
    assert api.requests[1].line.startswith(f"GET /v1/identities/{'ab' * 16}/usage?")
    assert "ana" not in api.requests[0].line + api.requests[1].line


def test_formats(ask: Ask, tmp_path: Path) -> None:
    assert json.loads(ask("--format", "json").stdout) == by_hour()
    assert ask("--format", "csv").stdout.startswith("start,requests,")
    assert ask("--format", "svg").stdout.startswith("<svg ")
    for form in ("table", "csv", "json", "svg"):
        done = ask("--format", form, "--output", tmp_path / form)
        assert (done.exit_code, done.stdout) == (0, "")
        assert (tmp_path / form).stat().st_size > 300
    assert "█" in (tmp_path / "table").read_text(encoding="utf-8")


def test_no_requests_are_a_message_and_leave_no_file(ask: Ask, api: Api, tmp_path: Path) -> None:
    api.answers[:] = [(200, json.dumps(nothing()).encode())]
    for form in ("table", "svg"):
        done = ask("--format", form, "--output", tmp_path / "out")
        assert done.exit_code == 1
        assert "no requests: Usage, 2025-11-25 00:00" in done.stderr
    assert not (tmp_path / "out").exists()
    assert json.loads(ask("--format", "json").stdout)["rows"] == []
    assert len(ask("--format", "csv").stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--identity", "xyz"], "32 lower-case hexadecimal"),
        (["--identity", "aa" * 16, "--issuer", "corp"], "--identity or --issuer"),
        (["--value-file", "README.md"], "goes with --issuer"),
        (["--issuer", "corp"], "on standard input"),
        (["--identity", "aa" * 16, "--top", "3"], "--top is of everybody"),
        (["--group", "route", "--top", "3"], "without identity and group"),
        (["--top", "101"], "1<=x<=100"),
        (["--last", "900h"], "900h"),
        (["--last", "5000h", "--by", "hour"], "or ask by day"),
        (["--from", "2025-11-26", "--to", "2025-11-25"], "after the beginning"),
        (["--from", "tomorrow"], "is no time"),
        (["--last", "3d", "--to", "2025-11-25"], "give --last, or"),
    ],
)
def test_what_cannot_be_asked_is_not_asked(ask: Ask, api: Api, arguments: list[str], said: str) -> None:
    if arguments == ["--last", "900h"]:
        assert ask(*arguments).exit_code == 0, "900 hours are shown by day"
        assert query(api)["by"] == "day"
        return
    done = ask(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert api.requests == []


def settings(folder: Path, *lines: str) -> Path:
    path = folder / "settings.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_settings_have_address_and_credential(api: Api, credential: Path, tmp_path: Path) -> None:
    address = api.url.removeprefix("http://")
    file = settings(tmp_path, "[admin]", f'address = "{address}"', 'credential = { file = "credential" }')
    assert stat.S_ISREG(credential.stat().st_mode)
    done = CliRunner().invoke(command, ["--settings", str(file)])
    assert done.exit_code == 0, done.output
    assert api.requests[0].headers["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    ("lines", "said"),
    [(["[admin]"], "admin.credential is not set"), (["[admin]", "x = 1"], "x"), (["["], "not TOML")],
)
def test_settings_that_do_not_help(tmp_path: Path, lines: list[str], said: str) -> None:
    done = CliRunner().invoke(command, ["--settings", str(settings(tmp_path, *lines))])
    assert done.exit_code == 1
    assert said in done.stderr


@pytest.mark.parametrize("content", [b"two words of a secret", b"a\r\nX-Injected: 1", b"\xff\xfe", "é".encode() * 20])
def test_credentials_that_are_none_are_not_sent_or_shown(api: Api, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c").write_bytes(content)
    done = CliRunner().invoke(command, ["--url", api.url, "--credential-file", str(tmp_path / "c")])
    assert done.exit_code == 1
    assert "secret" not in done.output
    assert "Injected" not in done.output
    assert api.requests == []


def test_without_a_credential_nothing_is_asked(api: Api) -> None:
    done = CliRunner().invoke(command, ["--url", api.url])
    assert (done.exit_code, api.requests) == (2, [])
    assert "--credential-file" in done.stderr


def test_the_credential_crosses_no_network_in_the_clear(credential: Path) -> None:
    done = CliRunner().invoke(
        command, ["--url", "http://gateway.invalid:1", "--credential-file", str(credential), "--top", "0"]
    )
    assert done.exit_code == 2
    done = CliRunner().invoke(command, ["--url", "http://gateway.invalid:1", "--credential-file", str(credential)])
    assert done.exit_code == 2
    assert "in the clear" in done.stderr
    assert SECRET not in done.output


def test_an_answer_of_something_else(ask: Ask, api: Api) -> None:
    answer: dict[str, Any] = {"hello": "world"}
    api.answers[:] = [(200, json.dumps(answer).encode())]
    done = ask()
    assert done.exit_code == 1
    assert "is this its address" in done.stderr


def test_a_file_that_cannot_be_written(ask: Ask, tmp_path: Path) -> None:
    done = ask("--output", tmp_path / "missing" / "out")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
