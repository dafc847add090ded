"""One server process for tests: started on a free loopback port in a folder of its own, stopped by its id."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

LOOPBACK = "127.0.0.1"
START_SECONDS = 30.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_libc = ctypes.CDLL(None)


class ServerFailed(Exception):
    """A server that did not start, with what it said."""


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    _libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL)


class StoreProcess:
    """A Redis-compatible server. ``settings`` are the lines of its configuration file.

    It listens on ``port``, which the lines have to say.
    """

    def __init__(
        self,
        binary: Path,
        folder: Path,
        settings: Sequence[str],
        *,
        port: int,
        mode: Sequence[str] = (),
        password: str = "",
    ) -> None:
        self.binary = binary
        self.folder = folder
        self.port = port
        self.password = password
        self._mode = mode
        self.config = folder / "server.conf"
        folder.mkdir(parents=True, exist_ok=True)
        self.config.write_text("\n".join((f"dir {folder}", "bind 127.0.0.1", *settings)) + "\n", encoding="ascii")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """host:port."""
        return f"{LOOPBACK}:{self.port}"

    def client(self) -> "redis.Redis":
        """A blocking client for setting up and looking at a server in tests."""
        return redis.Redis(
            host=LOOPBACK,
            port=self.port,
            password=self.password or None,
            socket_timeout=5,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )

    def start(self) -> None:
        """Start, and wait until the server answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binary, self.config, *self._mode],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 no thread holds a lock in these tests' parents
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        process = self.process
        assert process is not None
        deadline = time.monotonic() + START_SECONDS
        while True:
            if process.poll() is not None:
                raise ServerFailed((self.folder / "server.log").read_text(errors="replace")[-2000:])
            try:
                self.ask("PING")
            except redis.RedisError as error:
                if time.monotonic() > deadline:
                    self.kill()
                    raise ServerFailed(f"no answer on port {self.port}: {error}") from error
                time.sleep(0.02)
            else:
                return

    def ask(self, *words: str | int | bytes) -> Any:
        """One command and its reply as the server wrote it."""
        with closing(self.client()) as client:
            client.response_callbacks.clear()
            return client.execute_command(*words)  # type: ignore[no-untyped-call]  # redis-py leaves it without types

    def signal(self, number: int) -> None:
        """Send a signal to the process, by its id."""
        assert self.process is not None
        os.kill(self.process.pid, number)

    def pause(self) -> None:
        """SIGSTOP: the process keeps its connections and answers nothing."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self.signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it as an operator would (SIGTERM), and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once (SIGKILL), and wait."""
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGCONT)
        process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
