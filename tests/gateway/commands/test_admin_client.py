"""The client of the admin API: where the credential goes, and what becomes of answers."""

from pathlib import Path

import click
import pytest

from gateway.commands.admin_client import AdminClient, ApiRefused, OutOfReach, client_of
from gateway.message.ports import OUTAGE
from tests.strategies.admin import CREDENTIAL, AdminWorld, served_aside


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "credential").write_text(CREDENTIAL, encoding="utf-8")
    path = tmp_path / "settings.toml"
    path.write_text('[admin]\naddress = "127.0.0.1:9999"\ncredential = { file = "credential" }\n', encoding="utf-8")
    return path


def test_the_settings_say_where(settings: Path) -> None:
    assert client_of(settings, None).url == "http://127.0.0.1:9999"
    assert client_of(settings, "https://gateway.example.com/").url == "https://gateway.example.com"
    assert CREDENTIAL not in repr(client_of(settings, None))
    with pytest.raises(click.UsageError, match="in the clear"):
        client_of(settings, "http://gateway.example.com")


def test_answers() -> None:
    world = AdminWorld()
    with served_aside(world) as url:
        client = AdminClient(url, CREDENTIAL.encode())
        assert client.ask("GET", "/v1/store")["kind"] == "redis"
        assert client.ask("POST", "/v1/store/accept-loss") == {}
        world.state.answer = OUTAGE
        with pytest.raises(OutOfReach, match="store_outage"):
            client.ask("POST", "/v1/store/accept-loss")
        with pytest.raises(ApiRefused, match="no_route"):
            client.ask("GET", "/v1/nothing")
        with pytest.raises(ApiRefused, match="no answer of an admin API: status 404"):
            client.ask("GET", "/nothing")
        with pytest.raises(ApiRefused, match="credential_refused"):
            AdminClient(url, b"wrong").ask("GET", "/v1/store")
    with pytest.raises(OutOfReach, match="does not answer"):
        client.ask("GET", "/v1/store")
