import json
from pathlib import Path

import pytest

from policylang.check.issuer_keys import HMAC, PUBLIC
from policylang.check.model import KeySource
from tests.policylang.check.rule_sets import CORP, ORDERS, checked, issuer, route, sound, told

JWK = json.dumps({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})


def odd(**given: str) -> str:
    return issuer("odd", **given) + route("odd", trust="odd")


@pytest.mark.parametrize("algorithm", PUBLIC)
def test_every_public_algorithm_goes_with_published_keys(algorithm: str) -> None:
    assert sound(odd(algorithms=algorithm)).issuers["odd"].algorithms == (algorithm,)
    assert told("secret k\n" + odd(algorithms=algorithm, keys="secret.k")) == ["R423"]


@pytest.mark.parametrize("algorithm", HMAC)
def test_every_hmac_goes_with_a_secret(algorithm: str) -> None:
    module = sound("secret k\n" + odd(algorithms=algorithm, keys="secret.k"))
    assert module.issuers["odd"].keys == KeySource("secret", "k")
    assert told(odd(algorithms=algorithm)) == ["R424"]
    assert told(odd(algorithms=algorithm, keys="discovered")) == ["R424"]


@pytest.mark.parametrize(
    ("written", "code", "near"),
    [
        ("NONE", "R422", None),
        ("None", "R422", None),
        ("Es256", "R421", "ES256"),
        ("EDDSA", "R421", "EdDSA"),
        ("ES265", "R421", "ES256"),
        ("RS25", "R421", "RS256"),
        ("ES256, ES256", "R254", None),
        ("A128KW", "R421", None),
    ],
)
def test_what_is_no_algorithm(written: str, code: str, near: str | None) -> None:
    (diagnostic,) = checked(odd(algorithms=written) + CORP + ORDERS).diagnostics
    assert diagnostic.code == code
    if near is not None:
        assert diagnostic.help == (f"did you mean `{near}`?",)
        assert diagnostic.edits[0].text == near


def test_keys_may_be_discovered() -> None:
    assert sound(odd(keys="discovered")).issuers["odd"].keys == KeySource("discovered", "https://odd.example")


def test_keys_from_a_file_are_put_in(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/odd.json").write_text(JWK)
    module = sound(odd(keys='file "keys/odd.json"', algorithms="Ed25519"), tmp_path)
    assert module.issuers["odd"].keys == KeySource("inline", JWK)


@pytest.mark.parametrize(
    ("name", "code"),
    [("missing.json", "R705"), ("../odd.json", "R712"), ("/etc/passwd", "R712"), ("odd.json", "R426")],
)
def test_a_key_file_that_cannot_be_used(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(JWK)
    text = odd(keys=f'file "{name}"') + CORP + ORDERS
    (diagnostic,) = checked(text, root=tmp_path).diagnostics
    assert diagnostic.code == code
    assert f"language 1\n{text}"[diagnostic.span.start : diagnostic.span.end] == f'"{name}"'


def test_a_key_that_signs_is_not_put_in(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(json.dumps({**json.loads(JWK), "d": "AAAA"}))
    result = checked(odd(keys='file "odd.json"', algorithms="EdDSA") + CORP + ORDERS, root=tmp_path)
    assert [d.code for d in result.diagnostics] == ["R425"]
    assert result.module is None


def test_a_key_file_is_not_judged_by_algorithms_that_are_wrong_themselves(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(JWK)
    result = checked(odd(keys='file "odd.json"', algorithms="EdDSB") + CORP + ORDERS, root=tmp_path)
    assert [d.code for d in result.diagnostics] == ["R421"]


def test_an_unknown_secret_names_the_near_one() -> None:
    text = "secret shared\nrequest headers on orders { set X-K secret.shared }\n"
    (diagnostic,) = checked(text + odd(algorithms="HS256", keys="secret.shard") + CORP + ORDERS).diagnostics
    assert (diagnostic.code, diagnostic.help) == ("R252", ("did you mean `shared`?",))


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ('"https://odd.example/jwks?version=2"', []),
        ('"http://127.0.0.1/jwks"', []),
        ('"http://odd.example/jwks"', ["R420"]),
        ('"https://odd.example/jwks#x"', ["R420"]),
        ('""', ["R260"]),
        ('"https://{claims.sub}.example"', ["R257"]),
    ],
)
def test_the_url_of_keys(url: str, codes: list[str]) -> None:
    assert told(odd(keys=url)) == codes
