from hashlib import blake2b
from itertools import combinations

import pytest

from policylang.token.identity import virtual_identity
from tests.strategies.tokens import ISS, claim, issuer

KEY = b"k" * 32
SUB = (claim("a", ("int", 0, 9)), claim("sub", ("text", 1, 128)))


def test_the_encoding_is_what_the_design_says() -> None:
    parts = (b"policylang.identity.1", b"corp", ISS.encode(), b"sub", b"tu1")
    joined = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    expected = blake2b(joined, digest_size=16, key=KEY).digest()
    assert virtual_identity(issuer(claims=SUB), (1, "u1"), KEY) == expected


def test_other_claims_do_not_count() -> None:
    corp = issuer(claims=SUB)
    assert virtual_identity(corp, (1, "u1"), KEY) == virtual_identity(corp, (2, "u1"), KEY)


def test_everything_that_names_the_caller_counts() -> None:
    by_a = issuer(claims=SUB, identity="a")
    corp = issuer(claims=SUB)
    identities = [
        virtual_identity(corp, (1, "u1"), KEY),
        virtual_identity(corp, (1, "u2"), KEY),
        virtual_identity(corp, (1, "1"), KEY),
        virtual_identity(corp, (1, "b1"), KEY),
        virtual_identity(by_a, (1, "u1"), KEY),
        virtual_identity(by_a, (True, "u1"), KEY),
        virtual_identity(by_a, (False, "u1"), KEY),
        virtual_identity(by_a, (0, "u1"), KEY),
        virtual_identity(issuer(claims=SUB, name="corp2"), (1, "u1"), KEY),
        virtual_identity(issuer(claims=SUB, iss=ISS + "x"), (1, "u1"), KEY),
        virtual_identity(issuer(claims=SUB, name="cor", iss="p" + ISS), (1, "u1"), KEY),
        virtual_identity(corp, (1, "u1"), KEY[:-1]),
    ]
    assert all(one != other for one, other in combinations(identities, 2))
    assert {len(identity) for identity in identities} == {16}


def test_an_identity_claim_that_is_not_declared_is_an_error() -> None:
    with pytest.raises(StopIteration):
        virtual_identity(issuer(claims=SUB, identity="nobody"), (1, "u1"), KEY)
