"""Injective encodings: the virtual identity of a caller and the keys of counters, of parts that carry their length."""

from hashlib import blake2b

from policylang.check.model import Issuer, Value


def parts(*items: bytes) -> bytes:
    """Each item after its length in four bytes, big end first: no two lists of items have one encoding."""
    return b"".join(len(item).to_bytes(4, "big") + item for item in items)


def lettered(value: Value) -> bytes:
    """A scalar as a kind letter and its text."""
    if isinstance(value, bool):
        return b"b1" if value else b"b0"
    if isinstance(value, int):
        return b"n" + str(value).encode()
    if isinstance(value, str):
        return b"t" + value.encode()
    raise TypeError("a set is not counted by")


def virtual_identity(key: bytes, issuer: Issuer, value: Value) -> bytes:
    """Sixteen bytes that stand for a caller: the same for all tokens of one (issuer, claim, value)."""
    content = parts(
        b"policylang.identity.1", issuer.name.encode(), issuer.iss.encode(), issuer.identity.encode(), lettered(value)
    )
    return blake2b(content, digest_size=16, key=key).digest()
