"""Access keys as signatures are checked with them: read from their JWKs once for each version."""

from collections import OrderedDict
from hashlib import blake2b

from gateway.authn.jwk import public_key, secret_key
from gateway.authn.keys import Key, KeyRefused
from gateway.keys.port import AccessKey

KEPT = 10_000


class RingVerifiers:
    """Keys by keyring and id, at most ``kept`` of them."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._keys: OrderedDict[tuple[str, str], tuple[int, Key]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._keys)

    def key(self, access: AccessKey) -> Key | None:
        """The key that JWTs naming this one are verified with; None where it is an opaque one.

        Raises KeyRefused where what the store has is no key that may verify.
        """
        if access.jwk is None:
            return None
        name = (access.keyring, access.kid)
        known = self._keys.get(name)
        if known is not None and known[0] == access.version:
            return known[1]
        # A symmetric key in the store was derived by us; that one, and no other, may have a secret part (RFC 7518 section 6.4)
        read = secret_key if access.jwk.get("kty") == "oct" else public_key
        key = read(access.jwk)
        if key.kid != access.kid:
            raise KeyRefused("kid")
        self._keys[name] = (access.version, key)
        self._keys.move_to_end(name)
        if len(self._keys) > self._kept:
            self._keys.popitem(last=False)
        return key


def mark_of(access: AccessKey) -> bytes:
    """16 bytes that no other key and no other version of this one has: what an entry was verified by."""
    digest = blake2b(digest_size=16, person=b"access-key")
    digest.update(f"{access.keyring}:{access.kid}:{access.version}".encode())
    return digest.digest()
