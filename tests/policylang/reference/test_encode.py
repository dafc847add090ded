from hashlib import blake2b

from policylang.reference.encode import lettered, parts, virtual_identity
from tests.strategies.checked import issuer


def test_parts_cannot_be_shifted() -> None:
    assert parts(b"a", b"bc") == b"\0\0\0\1a\0\0\0\2bc"
    assert parts(b"ab", b"c") != parts(b"a", b"bc")
    assert parts() == b""


def test_letters_tell_kinds_apart() -> None:
    assert [lettered(value) for value in ("1", 1, True, False, -5)] == [b"t1", b"n1", b"b1", b"b0", b"n-5"]


def test_virtual_identity_is_a_keyed_digest_of_who_not_of_which_token() -> None:
    key = b"k" * 32
    content = parts(b"policylang.identity.1", b"corp", b"https://corp.test", b"sub", b"tu1")
    assert virtual_identity(key, issuer(), "u1") == blake2b(content, digest_size=16, key=key).digest()
    assert virtual_identity(key, issuer("other"), "u1") != virtual_identity(key, issuer(), "u1")
    assert virtual_identity(b"l" * 32, issuer(), "u1") != virtual_identity(key, issuer(), "u1")
