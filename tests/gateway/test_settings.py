"""Settings: defaults, files, and complaints that say where and never repeat a value."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gateway.settings import Address, Settings, SettingsRefused, parse_address, read_settings, with_overrides

SCHEMA = json.loads(Path("schemas/settings.v1.json").read_text(encoding="utf-8"))


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(SettingsRefused) as error:
        read_settings(write(folder, text))
    return str(error.value)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_no_file_means_the_defaults_of_the_schema() -> None:
    defaults = {
        (section, name): spec["default"]
        for section, shape in SCHEMA["properties"].items()
        for name, spec in shape.get("properties", {}).items()
        if "default" in spec
    }
    settings = read_settings(None)
    assert str(settings.listen) == defaults["listen", "address"]
    assert str(settings.admin) == defaults["admin", "address"]
    assert settings.drain_seconds == defaults["listen", "drain_seconds"]
    assert settings.max_body_bytes == defaults["wire", "max_body_bytes"]
    assert settings.keepalive_seconds == defaults["wire", "keepalive_seconds"]
    assert settings.connections == defaults["wire", "connections"]
    assert settings.min_body_rate == defaults["wire", "min_body_rate"]
    assert settings.upstream_connections == defaults["wire", "upstream_connections"]
    assert settings.cache_entries == defaults["tokens", "cache_entries"]
    assert settings.ready_callers == defaults["memory", "ready_callers"]
    assert settings.max_token_bytes == defaults["tokens", "max_bytes"]
    assert settings.keys_stale_seconds == defaults["egress", "keys_stale_seconds"]
    assert settings.decision_log == defaults["log", "decisions"]
    assert settings.store.url == defaults["store", "url"]
    assert settings.store.namespace == defaults["store", "namespace"]
    assert settings.store.timeout_seconds * 1000 == defaults["store", "timeout_ms"]
    assert settings.store.cached_records == defaults["store", "cached_records"]
    assert settings.revocations_at_most == defaults["revocations", "at_most"]
    assert settings.revocations_stale_seconds == defaults["revocations", "stale_seconds"]
    assert settings.usage.keep_hours == defaults["usage", "keep_hours"]
    assert settings.usage.keep_days == defaults["usage", "keep_days"]
    assert settings.usage.cells == defaults["usage", "cells"]


def test_a_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "identity.key").write_bytes(b"k" * 40)
    (tmp_path / "hook.txt").write_text("from-file\n", encoding="utf-8")
    monkeypatch.setenv("UPSTREAM_KEY", "from-env")
    settings = read_settings(
        write(
            tmp_path,
            """
            listen = { address = "[::1]:9443", tls_certificate = "c.pem", tls_key = "k.pem", drain_seconds = 3 }
            admin = { address = "127.0.0.1:0" }
            metadata = { file = "facts.json" }
            identity = { key_file = "identity.key" }
            identity_tokens = { issuer = "https://gw", keys = ["a.pem", "b.pem"], active = "kid" }
            secrets = { hook = { file = "hook.txt" }, upstream_key = { env = "UPSTREAM_KEY" } }
            egress = { private_hosts = ["Auth.Internal"], keys_stale_seconds = 60 }
            proxies = { trusted = ["10.0.0.0/8"] }
            log = { decisions = "d.log" }
            """,
        )
    )
    assert settings.listen == Address("::1", 9443)
    assert settings.tls_key == tmp_path / "k.pem"
    assert settings.metadata_file == tmp_path / "facts.json"
    assert settings.identity_key == b"k" * 40
    assert settings.signing_keys == (tmp_path / "a.pem", tmp_path / "b.pem")
    assert settings.secrets == {"hook": "from-file", "upstream_key": "from-env"}
    assert settings.private_hosts == {"auth.internal"}
    assert settings.decision_log == str(tmp_path / "d.log")
    assert "from-file" not in repr(settings)
    assert "kkkk" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("listen = [", "not TOML"),
        ('[listn]\naddress = "127.0.0.1:1"', "unknown listn; known are admin"),
        ('[listen]\nadress = "x"', "listen: unknown adress; known are address"),
        ('[listen]\naddress = "nowhere"', "listen.address"),
        ('[listen]\naddress = "127.0.0.1:70000"', "is no address"),
        ('[listen]\ntls_key = "k.pem"', "go together"),
        ('[store]\nurl = "mysql://"', "store.url"),
        ('[store]\nurl = "redis://user:hidden@127.0.0.1"', "No credential goes in here"),
        ('[store]\nurl = "redis://127.0.0.1"\ntls_key = "k.pem"', "go together"),
        ('[store]\nnamespace = "{7}"', "store.namespace"),
        ('[admin]\ncredential = { env = "POLICYLANG_NO_SUCH" }', "admin.credential: the environment has no"),
        ("[usage]\nkeep_hours = 0", "usage.keep_hours"),
        ('[proxies]\ntrusted = ["0.0.0.0/0"]', "trusts everyone"),
        ('[proxies]\ntrusted = ["10.0.0.1/8"]', "no network"),
        ('[identity]\nkey_file = "missing"', "cannot be read"),
        ('[secrets]\nhook = { env = "POLICYLANG_NO_SUCH" }', "the environment has no"),
        ('[secrets]\nhook = { file = "a", env = "B" }', "secrets.hook"),
        ("[wire]\nmax_body_bytes = true", "must be of type integer"),
    ],
)
def test_complaints(tmp_path: Path, text: str, where: str) -> None:
    assert where in refused(tmp_path, text)


def test_where_state_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE_PASSWORD", "open-sesame")
    settings = read_settings(
        write(
            tmp_path,
            """
            [store]
            url = "rediss+cluster://a:1,b:2"
            username = "gateway"
            password = { env = "STORE_PASSWORD" }
            tls_ca = "ca.pem"
            namespace = "blue"
            timeout_ms = 40
            cached_records = 1_000_000
            """,
        )
    ).store
    assert (settings.url, settings.username, settings.password) == (
        "rediss+cluster://a:1,b:2",
        "gateway",
        "open-sesame",
    )
    assert (settings.tls_ca, settings.namespace, settings.timeout_seconds) == (tmp_path / "ca.pem", "blue", 0.04)
    assert settings.cached_records == 1_000_000
    assert "open-sesame" not in repr(settings)


@pytest.mark.parametrize(("given", "found"), [("state.db", "{}/state.db"), ("/var/lib/p.db", "/var/lib/p.db")])
def test_a_file_of_sqlite_is_beside_the_settings(tmp_path: Path, given: str, found: str) -> None:
    settings = read_settings(write(tmp_path, f'[store]\nurl = "sqlite:///{given}"'))
    assert settings.store.url == "sqlite:///" + found.format(tmp_path)


@pytest.mark.parametrize("text", ["a" * 31, "a" * 40 + " b", "a" * 40 + "é"])
def test_a_weak_admin_credential_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    (tmp_path / "admin.txt").write_text(text, encoding="utf-8")
    told = refused(tmp_path, '[admin]\ncredential = { file = "admin.txt" }')
    assert "32 visible ASCII characters" in told
    assert "aaaa" not in told


def test_the_admin_credential_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "admin.txt").write_text("a" * 64 + "\n", encoding="utf-8")
    settings = read_settings(write(tmp_path, '[admin]\ncredential = { file = "admin.txt" }'))
    assert settings.admin_credential == b"a" * 64
    assert "aaaa" not in repr(settings)


def test_a_short_identity_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(b"short")
    assert "32 are needed" in refused(tmp_path, '[identity]\nkey_file = "k"')


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"\n")
    assert "empty" in refused(tmp_path, '[secrets]\nhook = { file = "s" }')


def test_a_complaint_repeats_no_value(tmp_path: Path) -> None:
    assert "hunter2" not in refused(tmp_path, '[secrets]\nhook = "hunter2"')


def test_every_complaint_at_once(tmp_path: Path) -> None:
    assert len(refused(tmp_path, '[listen]\nfoo = 1\n[wire]\nkeepalive_seconds = "x"').splitlines()) == 2


def test_a_missing_file_is_a_complaint(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="cannot be read"):
        read_settings(tmp_path / "none.toml")


def test_the_command_line_lies_over_the_file() -> None:
    settings = with_overrides(Settings(), listen=parse_address("0.0.0.0:1"), admin=None)
    assert settings.listen == Address("0.0.0.0", 1)
    assert settings.admin == Settings().admin


@pytest.mark.parametrize("text", ["", ":80", "host", "host:", "host:x", "host:-1", "h:99999", "h:٣"])
def test_no_address(text: str) -> None:
    with pytest.raises(SettingsRefused):
        parse_address(text)
