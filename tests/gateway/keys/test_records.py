import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.keys.records import (
    HmacProof,
    KeyRecord,
    OpaqueProof,
    PublicProof,
    RecordUnreadable,
    RevocationRecord,
    read_key,
    read_object,
    read_revocation,
    write_key,
    write_revocation,
)
from tests.strategies.tokens import jwk, rsa_key

PROOFS = (OpaqueProof(b"s" * 16, b"d" * 32), HmacProof("HS384", b"s" * 16), PublicProof(jwk(rsa_key())))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text('abcé"\\ ', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(st.sampled_from(PROOFS), st.dictionaries(st.text("abc"), JSON), st.booleans(), st.integers(0, 2**52))
def test_a_key_reads_as_it_was_written(proof: Any, claims: dict[str, Any], disabled: bool, at: int) -> None:
    record = KeyRecord(proof, claims, disabled, at, at + 1)
    assert read_key(write_key(record)) == record


@given(st.none() | st.integers(0, 253_402_300_799), st.integers(0, 2**52))
def test_a_revocation_reads_as_it_was_written(before: int | None, at: int) -> None:
    assert read_revocation(write_revocation(RevocationRecord(before, at))) == RevocationRecord(before, at)


def members(**changes: Any) -> bytes:
    found = json.loads(write_key(KeyRecord(PROOFS[0], {"sub": "u"}, False, 1, 2))) | changes
    return json.dumps({name: value for name, value in found.items() if value is not ...}).encode()


SECRET = {"kty": "oct", "k": "AAAA"}
OPAQUE = {"kind": "opaque", "salt": "c3Nzc3Nzc3Nzc3Nzc3Nzcw", "digest": "ZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGQ"}


@pytest.mark.parametrize(
    ("content", "member"),
    [
        (b"", "not_json"),
        (b"[]", "not_object"),
        (b'{"version": 1, "version": 1}', "duplicate_member"),
        (members(version=2), "version"),
        (members(version=True), "version"),
        (members(version=...), "version"),
        (members(more=1), "members"),
        (members(issued=...), "members"),
        (members(claims=[]), "claims"),
        (members(claims=None), "claims"),
        (members(disabled=0), "disabled"),
        (members(disabled="false"), "disabled"),
        (members(created=-1), "created"),
        (members(created=1.5), "created"),
        (members(issued=True), "issued"),
        (members(proof=None), "proof"),
        (members(proof={"kind": "opaque"}), "proof"),
        (members(proof=OPAQUE | {"more": 1}), "proof"),
        (members(proof=OPAQUE | {"kind": "none"}), "proof"),
        (members(proof=OPAQUE | {"salt": "AA"}), "salt"),
        (members(proof=OPAQUE | {"salt": None}), "salt"),
        (members(proof=OPAQUE | {"salt": "é"}), "salt"),
        (members(proof=OPAQUE | {"digest": OPAQUE["digest"] + "="}), "digest"),
        (members(proof={"kind": "hmac", "alg": "HS1", "salt": OPAQUE["salt"]}), "proof"),
        (members(proof={"kind": "hmac", "alg": ["HS256"], "salt": OPAQUE["salt"]}), "proof"),
        (members(proof={"kind": "public", "jwk": SECRET}), "proof"),
        (members(proof={"kind": "public", "jwk": []}), "proof"),
        (members(claims={"a": "x" * 70_000}), "too_large"),
    ],
)
def test_what_cannot_be_read_in_full_is_no_key(content: bytes, member: str) -> None:
    with pytest.raises(RecordUnreadable) as told:
        read_key(content)
    assert told.value.member == member


@pytest.mark.parametrize(
    ("content", "member"),
    [
        (b"{}", "version"),
        (b'{"version": 1, "before": null}', "members"),
        (b'{"version": 1, "before": "1", "created": 1}', "before"),
        (b'{"version": 1, "before": -1, "created": 1}', "before"),
        (b'{"version": 1, "before": true, "created": 1}', "before"),
        (b'{"version": 1, "before": 1e3, "created": 1}', "before"),
        (b'{"version": 1, "before": 1, "created": null}', "created"),
    ],
)
def test_what_cannot_be_read_in_full_is_no_revocation(content: bytes, member: str) -> None:
    with pytest.raises(RecordUnreadable) as told:
        read_revocation(content)
    assert told.value.member == member


def test_a_key_shows_no_salt_digest_or_claim() -> None:
    record = KeyRecord(PROOFS[0], {"sub": "somebody"}, False, 1, 2)
    assert "ssss" not in repr(record)
    assert "somebody" not in repr(record)


def test_an_object_is_read_strictly() -> None:
    assert read_object(b'{"a": 1}') == {"a": 1}
    with pytest.raises(RecordUnreadable):
        read_object(b'"a"')
