import base64
import hmac
import itertools

import pytest

from gateway.keys.secrets import (
    HMAC_BYTES,
    hmac_secret,
    master_of,
    opaque_credential,
    opaque_secret,
    parse_opaque,
    secret_digest,
    secret_holds,
)

KID = "0123456789abcdef"
MASTER = master_of(b"an identity key")
SALT = b"s" * 16


def test_every_input_makes_another_secret() -> None:
    inputs = list(
        itertools.product((MASTER, master_of(b"other")), ("ring", "rin"), (KID, KID[::-1]), (SALT, b"t" * 16))
    )
    made = [opaque_secret(*one) for one in inputs] + [hmac_secret(one[0], "HS256", *one[1:]) for one in inputs]
    assert len(set(made)) == 2 * len(inputs)
    assert {len(one) for one in made} == {32}
    assert opaque_secret(MASTER, "ring", KID, SALT) == opaque_secret(MASTER, "ring", KID, SALT)


def test_hmac_secrets_are_as_long_as_the_hash_and_share_nothing() -> None:
    made = {alg: hmac_secret(MASTER, alg, "ring", KID, SALT) for alg in HMAC_BYTES}
    assert {alg: len(one) for alg, one in made.items()} == HMAC_BYTES
    assert len({one[:16] for one in made.values()}) == 3
    assert made["HS512"][:32] != made["HS512"][32:]


def test_the_master_is_not_the_identity_key() -> None:
    assert master_of(b"k" * 32) != b"k" * 32
    assert len(master_of(b"k")) == 32


def test_a_credential_reads_back() -> None:
    secret = opaque_secret(MASTER, "ring", KID, SALT)
    assert parse_opaque(opaque_credential(KID, secret).encode()) == (KID, secret)


def spellings() -> list[bytes]:
    good = opaque_credential(KID, bytes(32)).encode()
    last = good[:-1]
    return [
        b"", b".", good[:-1], good + b"A", good + b"=", good + b"\n", b" " + good, good.upper(), good.replace(b".", b".."),
        last + b"B", last + b"/", good.replace(b"0123", b"012G"), good.replace(b".", b","), good[1:], b"0" + good,
        good.replace(b"0", "٠".encode()), b"\0" + good,
    ]  # fmt: skip


@pytest.mark.parametrize("credential", spellings())
def test_a_credential_has_one_spelling(credential: bytes) -> None:
    assert parse_opaque(credential) is None


def test_of_all_last_characters_one_in_four_is_canonical() -> None:
    good = opaque_credential(KID, bytes(32)).encode()
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    found = [parse_opaque(good[:-1] + bytes((last,))) for last in alphabet]
    assert sum(one is not None for one in found) == 16
    assert all(base64.urlsafe_b64encode(one[1]).rstrip(b"=") for one in found if one)


def test_a_secret_holds_for_its_key_alone() -> None:
    secret = bytes(range(32))
    digest = secret_digest("ring", KID, secret)
    assert secret_holds("ring", KID, secret, digest)
    assert not secret_holds("rinG", KID, secret, digest)
    assert not secret_holds("ring", KID[::-1], secret, digest)
    assert not secret_holds("ring", KID, bytes(32), digest)


@pytest.mark.parametrize("digest", [None, b"", bytes(31), bytes(33)])
def test_without_a_digest_the_work_is_the_same_and_nothing_holds(
    digest: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, int]] = []
    compare = hmac.compare_digest

    def counted(one: bytes, other: bytes) -> bool:
        calls.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    assert not secret_holds("ring", KID, bytes(32), digest)
    assert calls == [(32, 32)]


def test_no_secret_digests_to_the_stand_in() -> None:
    digest = secret_digest("ring", KID, bytes(32))
    assert digest != bytes(32)
    assert not secret_holds("ring", KID, bytes(32), bytes(32))
