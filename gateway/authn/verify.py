"""The signature check: one key, one algorithm, PyJWT's own algorithm objects, and nothing of what a token asks for."""

from typing import Any

from jwt.algorithms import Algorithm, OKPAlgorithm, get_default_algorithms

from gateway.authn.keys import Key

_DEFAULT = get_default_algorithms()

ALGORITHMS: dict[str, Algorithm] = {
    name: _DEFAULT[name]
    for name in (
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA",
        "HS256", "HS384", "HS512",
    )
} | {"Ed25519": OKPAlgorithm(), "Ed448": OKPAlgorithm()}  # fmt: skip
"""By JWS name (RFC 7518 section 3.1, RFC 8037, RFC 8812, RFC 9864). ``none`` is not among them."""


def signature_holds(alg: str, key: Key, signing_input: bytes, signature: bytes) -> bool:
    """Is this the signature of this key, made with this algorithm? False where the algorithm is not the key's."""
    if alg not in key.algorithms:
        return False
    material: Any = key.material
    return ALGORITHMS[alg].verify(signing_input, material, signature)
