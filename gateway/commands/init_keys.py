"""What an issuer's published keys say of its tokens: read from its key set, or from a file where the issuer is out of reach."""

from dataclasses import dataclass
from json import dumps
from pathlib import Path

import click

from policylang.embed import JsonRefused, read_ijson

ASYMMETRIC = ("ES256", "EdDSA", "RS256", "PS256", "ES384", "ES512", "RS384", "RS512", "PS384", "PS512")
MAX_BYTES = 256 * 1024
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})  # RFC 7518 section 6, RFC 8037 section 2


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """A key set to be kept with the rules: its text, and the algorithms that its keys are for."""

    text: str
    algorithms: tuple[str, ...]


def given_keys(path: Path) -> GivenKeys:
    """The key set (RFC 7517 section 5), or the one key, of a file. Raises click's error; no key is repeated in it."""
    try:
        with path.open("rb") as file:
            document = read_ijson(file.read(MAX_BYTES + 1), MAX_BYTES)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}") from error
    except JsonRefused as refused:
        raise click.ClickException(f"{path} is no key set: {refused.reason}") from refused
    listed = document.get("keys", [document]) if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed or not all(isinstance(key, dict) and "kty" in key for key in listed):
        raise click.ClickException(f'{path} is no key set: a JSON object with "keys", each with a "kty"')
    if any(_PRIVATE & key.keys() for key in listed):
        raise click.ClickException(f"{path} holds a private or a shared key: give the issuer's public keys")
    return GivenKeys(f"{dumps({'keys': listed}, indent=2)}\n", algorithms_of({"keys": listed}))


def algorithms_of(document: dict[str, object]) -> tuple[str, ...]:
    """What tokens can be signed with by the keys of a set; ES256 where it does not say."""
    keys = document.get("keys")
    listed = keys if isinstance(keys, list) else []
    found = {str(key.get("alg") or _usual(key)) for key in listed if isinstance(key, dict)}
    return tuple(name for name in ASYMMETRIC if name in found) or ("ES256",)


def _usual(key: dict[str, object]) -> str:
    """The algorithm that a key without ``alg`` is made for, by its type and curve (RFC 7518 section 6, RFC 8037)."""
    curves = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "EdDSA"}
    return curves.get(str(key.get("crv")), "RS256")
