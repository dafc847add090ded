"""Key sets in files: what they are for, and files that are none."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from jwt.algorithms import ECAlgorithm

from gateway.commands.init_keys import MAX_BYTES, algorithms_of, given_keys
from tests.strategies.tokens import ec_key, ed_key, jwk, rsa_key


@pytest.mark.parametrize(
    ("document", "algorithms"),
    [
        ({}, ("ES256",)),
        ({"keys": "x"}, ("ES256",)),
        ({"keys": [7, {}]}, ("RS256",)),
        ({"keys": [jwk(rsa_key()), jwk(ed_key()), jwk(ec_key())]}, ("ES256", "EdDSA", "RS256")),
        ({"keys": [jwk(rsa_key(), alg="PS512")]}, ("PS512",)),
        ({"keys": [{"kty": "RSA", "alg": "RSA-OAEP"}]}, ("ES256",)),
    ],
)
def test_algorithms(document: dict[str, object], algorithms: tuple[str, ...]) -> None:
    assert algorithms_of(document) == algorithms


def test_a_set_and_a_single_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    for document in ({"keys": [jwk(ec_key())], "more": 1}, jwk(ec_key())):
        path.write_text(json.dumps(document), encoding="utf-8")
        found = given_keys(path)
        assert json.loads(found.text) == {"keys": [jwk(ec_key())]}
        assert found.algorithms == ("ES256",)


PRIVATE: dict[str, Any] = ECAlgorithm.to_jwk(ec_key(), as_dict=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no key set"),
        (b"-----BEGIN PUBLIC KEY-----", "is no key set"),
        (b"[]", "is no key set"),
        (b"{}", "is no key set"),
        (b'{"keys": []}', "is no key set"),
        (b'{"keys": [{"kid": "x"}]}', "is no key set"),
        (b"{" + b" " * MAX_BYTES + b"}", "is no key set"),
        (json.dumps(PRIVATE).encode(), "private or a shared key"),
        (b'{"keys": [{"kty": "oct", "k": "c2VzYW1l"}]}', "private or a shared key"),
    ],
)
def test_files_that_are_none(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(content)
    with pytest.raises(click.ClickException) as caught:
        given_keys(path)
    assert said in caught.value.message
    assert PRIVATE["d"] not in caught.value.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="cannot be read"):
        given_keys(tmp_path / "none")
