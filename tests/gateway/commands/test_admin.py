"""``policylang admin`` against a real listener in another thread: what it prints, refuses and leaves behind."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.commands.admin import command
from tests.strategies.admin import CREDENTIAL, IDENTITY, AdminWorld, served_aside

Admin = Callable[..., Result]


@pytest.fixture
def world() -> AdminWorld:
    return AdminWorld()


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "credential").write_text(CREDENTIAL, encoding="utf-8")
    path = tmp_path / "settings.toml"
    path.write_text('[admin]\ncredential = { file = "credential" }\n', encoding="utf-8")
    return path


@pytest.fixture
def admin(world: AdminWorld, settings: Path) -> Iterator[Admin]:
    with served_aside(world) as url:

        def run(*arguments: object, stdin: str | None = None, at: str = url) -> Result:
            words = [*map(str, arguments), "--settings", str(settings), "--url", at]
            result = CliRunner().invoke(command, words, input=stdin)
            assert CREDENTIAL not in result.output
            return result

        yield run


def test_identities(admin: Admin) -> None:
    put = admin("identity", "put", IDENTITY, "--metadata", "-", "--new", stdin='{"tier": "gold"}')
    assert put.exit_code == 0, put.output
    assert 'metadata  {"tier": "gold"}' in put.stdout
    again = admin("identity", "put", IDENTITY, "--metadata", "-", "--new", stdin="{}")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "precondition_failed" in again.stderr
    ending = ("--expires", "2031-01-31T12:00:00Z", "--metadata", "-", "--format", "json")
    patched = json.loads(admin("identity", "patch", IDENTITY, *ending, stdin='{"seats": 2}').stdout)
    assert (patched["metadata"], patched["expires"]) == ({"tier": "gold", "seats": 2}, "2031-01-31T12:00:00Z")
    got = json.loads(admin("identity", "get", IDENTITY, "--format", "json").stdout)
    assert got == patched
    listed = admin("identity", "list", "--prefix", IDENTITY[:4])
    assert listed.stdout.startswith(f"{IDENTITY}  version=")
    assert json.loads(admin("identity", "list", "--format", "json").stdout) == [got]
    assert admin("identity", "delete", IDENTITY, "--if-version", "1").exit_code == 1
    gone = admin("identity", "delete", IDENTITY, "--if-version", got["version"])
    assert (gone.exit_code, gone.stdout) == (0, "")
    assert admin("identity", "get", IDENTITY).exit_code == 1


def test_a_lookup_reads_its_value_from_standard_input(admin: Admin) -> None:
    found = admin("identity", "lookup", "--issuer", "corp", "--format", "json", stdin="ana\n")
    assert json.loads(found.stdout)["claim"] == "sub"
    refused = admin("identity", "lookup", "--issuer", "nobody", stdin="ana\n")
    assert refused.exit_code == 1
    assert "/issuer: no issuer of the rules; there are corp" in refused.stderr
    assert admin("identity", "lookup", "--issuer", "corp", stdin="").exit_code == 2


def test_pages_are_followed(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.commands.admin.PAGE", 2)
    names = [f"{number:032x}" for number in range(5)]
    for name in names:
        admin("identity", "put", name, "--metadata", "-", stdin="{}")
    every = json.loads(admin("identity", "list", "--format", "json").stdout)
    assert [one["identity"] for one in every] == names
    some = admin("identity", "list", "--limit", "3", "--format", "json")
    assert [one["identity"] for one in json.loads(some.stdout)] == names[:3]
    assert "there are more" in some.stderr


def test_keys(admin: Admin, tmp_path: Path) -> None:
    claims = tmp_path / "claims.json"
    claims.write_text('{"client_id": "acme"}', encoding="utf-8")
    made = admin("key", "create", "partners", "--claims", claims, "--format", "json")
    assert made.exit_code == 0, made.output
    key = json.loads(made.stdout)
    where = ("partners", key["kid"])
    assert key["credential"].startswith(key["kid"])
    shown = admin("key", "show", *where)
    assert key["credential"] not in shown.stdout
    assert "disabled  false" in shown.stdout
    assert json.loads(admin("key", "disable", *where, "--format", "json").stdout)["disabled"] is True
    assert json.loads(admin("key", "enable", *where, "--format", "json").stdout)["disabled"] is False
    turned = json.loads(admin("key", "rotate", *where, "--format", "json").stdout)
    assert turned["credential"] != key["credential"]
    assert admin("key", "list", "partners").stdout.startswith(key["kid"])
    assert admin("key", "delete", *where).exit_code == 0
    assert admin("key", "show", *where).exit_code == 1
    signed = admin("key", "create", "signers", "--kind", "HS256", "--expires", "2031-01-31T12:00:00Z")
    assert "secret" in signed.stdout
    assert admin("key", "create", "signers", "--kind", "public").exit_code == 2
    assert admin("key", "create", "others").exit_code == 1


def test_revocations(admin: Admin) -> None:
    before = ("--before", "2026-02-01T11:00:00Z")
    made = admin("revoke", "--identity", IDENTITY, *before)
    assert made.exit_code == 0, made.output
    assert admin("revoke", "--issuer", "corp", *before).exit_code == 0
    token = admin("revoke", "--issuer", "corp", "--jti", "-", stdin="b5cf\n")
    assert token.stdout.startswith("revocation  jti:corp:")
    assert len(admin("revocations").stdout.splitlines()) == 3
    listed = admin("revocations", "--prefix", "issuer:")
    assert listed.stdout.startswith("issuer:corp  ")
    assert admin("unrevoke", "issuer:corp").exit_code == 0
    assert admin("unrevoke", "issuer:corp").exit_code == 1
    assert admin("revoke").exit_code == 2
    assert admin("revoke", "--identity", IDENTITY, "--issuer", "corp").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("identity", "get", "../store"),
        ("identity", "get", "a/b"),
        ("identity", "put", IDENTITY, "--metadata", "-", "--expires", "tomorrow"),
        ("identity", "put", IDENTITY, "--metadata", "-"),
        ("identity", "put", IDENTITY, "--metadata", "-", "--new", "--if-version", "1"),
    ],
)
def test_wrong_usage(admin: Admin, words: tuple[str, ...]) -> None:
    refused = admin(*words, stdin="[secret]")
    assert refused.exit_code == 2
    assert "secret" not in refused.output


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("http://gateway.example.com:8081", 2, "in the clear"),
        ("http://127.0.0.1:8081/v1", 2, "scheme, host and port"),
        ("http://user@127.0.0.1:8081", 2, "scheme, host and port"),
        ("ftp://127.0.0.1", 2, "scheme, host and port"),
        ("http://[::1", 2, "scheme, host and port"),
        ("http://127.0.0.1:1", 3, "does not answer"),
    ],
)
def test_where_the_credential_goes(admin: Admin, url: str, code: int, said: str) -> None:
    refused = admin("identity", "get", IDENTITY, at=url)
    assert refused.exit_code == code, refused.output
    assert said in refused.stderr


def test_settings_have_to_have_the_credential(tmp_path: Path, settings: Path, admin: Admin) -> None:
    settings.write_text("", encoding="utf-8")
    unset = admin("identity", "get", IDENTITY)
    assert unset.exit_code == 1
    assert "admin.credential is not set" in unset.stderr
    settings.write_text("[admin", encoding="utf-8")
    assert admin("identity", "get", IDENTITY).exit_code == 1


def test_another_credential_is_refused(admin: Admin, settings: Path) -> None:
    (settings.parent / "credential").write_text("x" * 40, encoding="utf-8")
    refused = admin("identity", "get", IDENTITY)
    assert refused.exit_code == 1
    assert "credential_refused" in refused.stderr
