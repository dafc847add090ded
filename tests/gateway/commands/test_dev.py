"""Servers that trust everybody stay on this machine."""

import socket
from pathlib import Path

import pytest

from tests.gateway.commands.conftest import Run


@pytest.mark.parametrize("server", ["issuer", "echo"])
@pytest.mark.parametrize(
    "address", ["0.0.0.0:9001", "[::]:9001", "192.0.2.1:9001", "example.com:9001", "127.0.0.2:9001"]
)
def test_only_loopback(run: Run, server: str, address: str) -> None:
    result = run("dev", server, "--listen", address)
    assert result.exit_code == 2
    assert "is not loopback" in result.stderr


@pytest.mark.parametrize(
    ("address", "said"), [("127.0.0.1", "no address"), ("127.0.0.1:x", "no address"), ("127.0.0.1:0", "name a port")]
)
def test_addresses_that_are_none(run: Run, address: str, said: str) -> None:
    result = run("dev", "issuer", "--listen", address)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize("server", ["issuer", "echo"])
def test_a_port_in_use(run: Run, server: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = run("dev", server, "--listen", address)
    assert result.exit_code == 1
    assert f"cannot listen on {address}" in result.stderr


@pytest.mark.parametrize("content", ["{", "[]", '{"ana": 1}', "[" * 100_000])
def test_users_that_are_none(run: Run, tmp_path: Path, content: str) -> None:
    users = tmp_path / "users.json"
    users.write_text(content, encoding="utf-8")
    result = run("dev", "issuer", "--listen", "127.0.0.1:9", "--users", users)
    assert result.exit_code == 1
    assert "users.json: not " in result.stderr


def test_the_help_says_what_a_lifetime_is(run: Run) -> None:
    result = run("dev", "issuer", "--help")
    assert "`lifetime`, the seconds from now for which the token is valid" in " ".join(result.stdout.split())
