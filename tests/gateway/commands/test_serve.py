"""``policylang serve`` as a process: signals, reloads, and starts that fail with a clear line."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.gateway.commands.conftest import PlanFile, Run
from tests.strategies.spine import HEAD

RULES = """
route open { match GET on "/open"  trust anonymous  upstream "http://127.0.0.1:9" }
route shut { match GET on "/shut"  trust corp  upstream "http://127.0.0.1:9" }
allow see on open always
allow come on shut always
"""
SHUT = 'deny all_of_it on open when client.ip in ["127.0.0.0/8"]\n'
DEADLINE = 60


class Served:
    """A gateway process: what it says, and where it listens."""

    def __init__(self, source: Path, folder: Path, *more: str) -> None:
        command = [sys.executable, "-m", "policylang.cli.main", "serve", str(source), "--listen", "127.0.0.1:0"]
        command += ["--admin", "127.0.0.1:0", "--decision-log", str(folder / "decisions.log"), *more]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.said: list[str] = []
        self.url = self.hears("clients: ").removeprefix("clients: ")

    def hears(self, beginning: str) -> str:
        """Read until a line begins so."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.rstrip("\n"))
            if line.startswith(beginning):
                return self.said[-1]
        raise AssertionError(f"it never said {beginning!r}: {self.said}")

    def status(self, path: str) -> int:
        """The status of a request."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=DEADLINE) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def ends(self, name: signal.Signals) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(name)
        assert self.process.stderr is not None
        self.said += self.process.stderr.read().splitlines()
        return self.process.wait(DEADLINE)


@contextmanager
def serving(source: Path, folder: Path, *more: str) -> Iterator[Served]:
    with ExitStack() as stack:
        made = Served(source, folder, *more)
        stack.callback(lambda: made.process.stderr.close() if made.process.stderr else None)
        stack.callback(made.process.wait)
        stack.callback(made.process.kill)
        yield made


def test_sigterm_drains_and_exits_0(plan_file: PlanFile, tmp_path: Path) -> None:
    """What was decided before the signal is in the log when the process is gone."""
    with serving(plan_file(RULES), tmp_path) as served:
        assert served.status("/open") == 502
        assert served.status("/shut") == 401
        assert served.ends(signal.SIGTERM) == 0
        assert any("requests in flight finish" in line for line in served.said)
    lines = [json.loads(line) for line in (tmp_path / "decisions.log").read_text(encoding="utf-8").splitlines()]
    assert [line["status"] for line in lines] == [502, 401]


def test_a_request_in_flight_is_answered_after_sigterm(plan_file: PlanFile, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as service, ThreadPoolExecutor() as threads:
        service.settimeout(DEADLINE)
        port = service.getsockname()[1]
        with serving(plan_file(RULES.replace("127.0.0.1:9", f"127.0.0.1:{port}")), tmp_path) as served:
            asked = threads.submit(served.status, "/open")
            line, _ = service.accept()
            with line:
                assert line.recv(65536).startswith(b"GET /open ")
                served.process.send_signal(signal.SIGTERM)
                served.hears("stopping: requests in flight finish")
                line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                assert asked.result(DEADLINE) == 204
            assert served.process.wait(DEADLINE) == 0


def test_sigint_exits_0(plan_file: PlanFile, tmp_path: Path) -> None:
    with serving(plan_file(RULES), tmp_path) as served:
        assert served.ends(signal.SIGINT) == 0
        assert not any("Traceback" in line for line in served.said)


def test_sighup_loads_again_and_a_bad_source_leaves_the_old_one(plan_file: PlanFile, tmp_path: Path) -> None:
    with serving(plan_file(RULES), tmp_path) as served:
        assert served.status("/open") == 502
        plan_file(RULES + SHUT)
        served.process.send_signal(signal.SIGHUP)
        served.hears("plan ")
        assert served.status("/open") == 403
        (tmp_path / "plan.json").write_bytes(b"{}")
        served.process.send_signal(signal.SIGHUP)
        served.hears("reload failed; the plan in force serves on")
        assert served.status("/open") == 403
        assert served.ends(signal.SIGTERM) == 0


@dataclass(frozen=True)
class Compiler:
    """Compilers that hang once ``hold`` is called: each says who it is before."""

    folder: Path

    def hold(self) -> None:
        (self.folder / "hold").touch()

    def pid(self) -> int:
        """Wait until one hangs."""
        told = self.folder / "pid"
        until = time.monotonic() + DEADLINE
        while not (told.exists() and told.read_text(encoding="ascii")):
            assert time.monotonic() < until
            time.sleep(0.02)
        return int(told.read_text(encoding="ascii"))


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    """Python reads ``sitecustomize`` first: there the child that compiles is made to hang."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(HANGING, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return Compiler(folder)


HANGING = """
import os, pathlib, sys, time
here = pathlib.Path(__file__).parent
if "compile" in sys.orig_argv and (here / "hold").exists():
    (here / "pid").write_text(str(os.getpid()))
    time.sleep(3600)
"""


def rule_set(folder: Path, text: str) -> Path:
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "new").write_text(HEAD + text, encoding="utf-8")
    return (rules / "new").rename(rules / "a.rules").parent


def test_sigterm_ends_a_compiler_that_hangs(tmp_path: Path, compiler: Compiler) -> None:
    with serving(rule_set(tmp_path, RULES), tmp_path) as served:
        compiler.hold()
        served.process.send_signal(signal.SIGHUP)
        child = compiler.pid()
        assert served.status("/open") == 502, "it serves while it compiles"
        assert served.ends(signal.SIGTERM) == 0
        assert not any("Traceback" in line or "never retrieved" in line for line in served.said)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_sigterm_before_there_is_a_plan(tmp_path: Path, compiler: Compiler) -> None:
    compiler.hold()
    command = [sys.executable, "-m", "policylang.cli.main", "serve", str(rule_set(tmp_path, RULES))]
    command += ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--decision-log", "none"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        child = compiler.pid()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0
    assert said.splitlines()[-1] == "stopped before it served"
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_watching_loads_again_and_tells_what_a_reload_took_away(tmp_path: Path) -> None:
    rules = rule_set(tmp_path, RULES + SHUT)
    with serving(rules, tmp_path, "--watch") as served:
        assert served.status("/open") == 403
        rule_set(tmp_path, RULES)
        served.hears("warning: this load removed 1 deny: all_of_it")
        assert served.status("/open") == 502
        assert served.ends(signal.SIGTERM) == 0


def test_rules_that_do_not_compile_exit_1_with_the_diagnostics(run: Run, tmp_path: Path) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text(HEAD + RULES + "allow y on nowhere always\n", encoding="utf-8")
    result = run("serve", rules, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--decision-log", "none")
    assert result.exit_code == 1
    assert "error[R" in result.stderr
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("option", ["--listen", "--admin"])
def test_a_port_in_use_exits_1_with_a_clear_line(run: Run, plan_file: PlanFile, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        free = {"--listen": "127.0.0.1:0", "--admin": "127.0.0.1:0", option: address}
        places = [part for pair in free.items() for part in pair]
        result = run("serve", plan_file(RULES), *places, "--decision-log", "none")
    assert result.exit_code == 1
    assert f"cannot listen on {address}" in result.stderr
    assert "address already in use" in result.stderr.lower()
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--listen", "nowhere"), "no address"),
        (("--decision-log", f"{os.sep}none{os.sep}log"), "cannot be written"),
    ],
)
def test_settings_that_cannot_be_used(run: Run, plan_file: PlanFile, arguments: tuple[str, ...], said: str) -> None:
    result = run("serve", plan_file(RULES), "--admin", "127.0.0.1:0", *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
