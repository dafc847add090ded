"""``policylang init``: rules that compile, from a token or an issuer, and nothing of a token's values in them."""

import json
import tomllib
from pathlib import Path

import pytest

from gateway.dev.issuer_http import DevelopmentIssuer
from policylang.compiler import compile_path
from tests.gateway.commands.conftest import Run
from tests.strategies.tokens import ec_key, jwk, payload, rsa_key, sign


def test_from_a_token_of_the_development_issuer(run: Run, tmp_path: Path, issuer: DevelopmentIssuer) -> None:
    token = issuer.token(
        {"sub": "ana-secret", "scope": "orders:read", "https://example.com/tenant": "sesame", "age": 3}
    )
    folder = tmp_path / "rules"
    result = run("init", folder, "--token", "-", "--upstream", "http://127.0.0.1:9", stdin=f"Bearer {token}\n")
    assert result.exit_code == 0, result.output
    assert "the rule set compiles" in result.stdout
    assert f"next: policylang serve {folder}" in result.stdout
    rules = (folder / "gateway.rules").read_text(encoding="utf-8")
    for text in (
        issuer.issuer,
        "algorithms  ES256",
        "#   tenant: text",
        "#   age: int",
        '"orders:read" in claims.scope',
    ):
        assert text in rules
    plan = compile_path(folder, "local").plan
    assert plan is not None
    assert plan.issuers[0].iss == issuer.issuer
    assert plan.routes[0].upstream == ("http://127.0.0.1:9",)
    assert '"127.0.0.1"' in (folder / "settings.toml").read_text(encoding="utf-8")
    written = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())
    assert not any(secret in written + result.output for secret in ("ana-secret", "sesame", token, token[:30]))


def test_from_the_development_issuers_url(run: Run, tmp_path: Path, issuer: DevelopmentIssuer) -> None:
    result = run("init", tmp_path / "rules", "--issuer", issuer.issuer, "--audience", "https://mine")
    assert result.exit_code == 0, result.output
    plan = compile_path(tmp_path / "rules", "local").plan
    assert plan is not None
    assert (plan.issuers[0].algorithms, plan.issuers[0].audience) == (("ES256",), ("https://mine",))


def test_with_nothing_an_example_stands_in(run: Run, tmp_path: Path) -> None:
    result = run("init", tmp_path)
    assert result.exit_code == 0, result.output
    assert "stands for yours" in result.stderr
    assert (tmp_path / "gateway.rules").exists()


@pytest.mark.parametrize("place", ["folder", "file"])
def test_what_is_there_is_never_overwritten(run: Run, tmp_path: Path, place: str) -> None:
    target = tmp_path if place == "folder" else tmp_path / "mine"
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    result = run("init", target)
    assert result.exit_code == 2
    assert "nothing was written" in result.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["mine"]
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("init", tmp_path / "file" / "rules")
    assert result.exit_code == 1
    assert "cannot be written: Not a directory" in result.stderr


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (b"", "no access token"),
        (b"sesame", "no access token"),
        (b"sesame.sesame.sesame", "no access token"),
        (b"\xff\xfe.sesame", "not text"),
        (sign(payload(iss=...), ec_key()), "no iss"),
        (sign(payload(iss=7), ec_key()), "no iss"),
        (sign(payload(), b"s" * 32, "HS256"), "shared secret"),
        (sign(payload(), ec_key(), "ES256", {"alg": "none"}), "no access token"),
    ],
)
def test_tokens_from_which_no_rules_can_be_made(run: Run, tmp_path: Path, token: bytes, said: str) -> None:
    result = run("init", tmp_path / "rules", "--token", "-", stdin=token)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "sesame" not in result.output
    assert not (tmp_path / "rules").exists()


@pytest.mark.parametrize("url", ["", "rubbish", "http://192.0.2.1/", "https://[oops", "ftp://x", "http://127.0.0.1:9"])
def test_issuers_that_give_no_keys(run: Run, tmp_path: Path, url: str) -> None:
    result = run("init", tmp_path / "rules", "--issuer", url)
    assert result.exit_code == 2, result.output
    assert "did not give its keys" in result.stderr
    assert f"policylang init {tmp_path / 'rules'} --token FILE" in result.stderr
    assert "--keys FILE" in result.stderr
    assert not (tmp_path / "rules").exists()


def test_offline_with_the_key_set_in_a_file(run: Run, tmp_path: Path) -> None:
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [jwk(ec_key(), kid="a"), jwk(rsa_key(), kid="b")]}), encoding="utf-8")
    folder = tmp_path / "rules"
    result = run("init", folder, "--issuer", "https://auth.unreachable.test", "--keys", keys)
    assert result.exit_code == 0, result.output
    plan = compile_path(folder, "local").plan
    assert plan is not None
    assert (plan.issuers[0].keys.kind, plan.issuers[0].algorithms) == ("inline", ("ES256", "RS256"))
    assert json.loads((folder / "keys" / "main.json").read_text(encoding="utf-8"))["keys"][1]["kid"] == "b"


def test_a_token_and_a_key_set(run: Run, tmp_path: Path) -> None:
    keys = tmp_path / "jwk.json"
    keys.write_text(json.dumps(jwk(ec_key(), kid="a")), encoding="utf-8")
    result = run("init", tmp_path / "rules", "--token", "-", "--keys", keys, stdin=sign(payload(), ec_key()))
    assert result.exit_code == 0, result.output
    assert 'file "keys/main.json"' in (tmp_path / "rules" / "gateway.rules").read_text(encoding="utf-8")


def test_keys_of_nobody(run: Run, tmp_path: Path) -> None:
    (tmp_path / "jwks.json").write_text("{}", encoding="utf-8")
    result = run("init", tmp_path / "rules", "--keys", tmp_path / "jwks.json")
    assert result.exit_code == 2
    assert "say which issuer" in result.stderr


def test_an_upstream_with_braces(run: Run, tmp_path: Path) -> None:
    """It is no URL that rules take, and the compiler says so: of the URL, not of the file that it stands in."""
    result = run("init", tmp_path / "rules", "--upstream", "http://127.0.0.1:9/{a}")
    assert "TOML" not in result.stderr
    assert tomllib.loads((tmp_path / "rules" / "env" / "local.toml").read_text(encoding="utf-8")) == {
        "service": "http://127.0.0.1:9/{a}"
    }
