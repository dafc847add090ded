"""Key sets from what an operator wrote or an issuer published: a JWK set, one JWK, PEM public keys, a secret.

Law of this file: one bad key is skipped and counted, the rest work; a text that is no key set at all is KeyRefused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt.algorithms import HMACAlgorithm
from jwt.exceptions import InvalidKeyError

from gateway.authn.jwk import public_key, secret_key
from gateway.authn.keys import Key, KeyRefused, KeySet, PublicKey, make_key, make_key_set
from policylang.embed import JsonRefused, read_ijson

MAX_KEYS = 64
MAX_TEXT_BYTES = 512 * 1024

_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_PEM_PUBLIC = (b"PUBLIC KEY", b"RSA PUBLIC KEY")


def published_key_set(document: object) -> KeySet:
    """The set of a JWK set document (RFC 7517 section 5), as ``read_ijson`` gave it. Symmetric keys are refused ones."""
    if not isinstance(document, Mapping) or not isinstance(document.get("keys"), list):
        raise KeyRefused("not_a_key_set")
    return _collect(document["keys"], public_key)


def inline_key_set(text: str) -> KeySet:
    """The set of a text that a rule set carries: a JWK set, one JWK or PEM public keys. Public keys only."""
    if text.lstrip().startswith("{"):
        document = _read_json(text)
        return published_key_set(document) if "keys" in document else _collect([document], public_key)
    blocks = list(_PEM.finditer(text.encode()))
    if not blocks:
        raise KeyRefused("not_a_key_set")
    return _collect(blocks, _pem_key)


def secret_key_set(text: str) -> KeySet:
    """The set of a secret: a JWK or JWK set of symmetric keys, or else the text's own bytes as one HMAC key."""
    if text.lstrip().startswith("{"):
        document = _read_json(text)
        keys = document.get("keys", [document])
        if not isinstance(keys, list):
            raise KeyRefused("not_a_key_set")
        return _collect(keys, secret_key)
    try:
        material = HMACAlgorithm(HMACAlgorithm.SHA256).prepare_key(text)
    except InvalidKeyError:
        raise KeyRefused("not_a_secret") from None  # a public key as an HMAC key is no secret
    return make_key_set([make_key(None, material)], 0)


def _read_json(text: str) -> Mapping[str, object]:
    try:
        document = read_ijson(text.encode(), MAX_TEXT_BYTES)
    except JsonRefused as refused:
        raise KeyRefused(refused.reason) from None
    if not isinstance(document, dict):
        raise KeyRefused("not_a_key_set")
    return document


def _collect(items: Sequence[Any], read: Callable[[Any], Key]) -> KeySet:
    keys: list[Key] = []
    for item in items[:MAX_KEYS]:
        try:
            keys.append(read(item))
        except KeyRefused:
            continue  # counted below: one bad key does not take the others with it
    return make_key_set(keys, len(items) - len(keys))


def _pem_key(block: re.Match[bytes]) -> Key:
    if block[1] not in _PEM_PUBLIC:
        raise KeyRefused("private_key")
    try:
        material = load_pem_public_key(block[0])
    except (ValueError, UnsupportedAlgorithm):
        raise KeyRefused("parameters") from None
    if not isinstance(material, PublicKey):
        raise KeyRefused("kty")
    return make_key(None, material)
