import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.authn.keys import MAX_CANDIDATES, KeyRefused, Material, make_key, make_key_set
from tests.strategies.tokens import ec_key, ed_key, rsa_key

EC = ec_key().public_key()
RSA = rsa_key().public_key()


def test_a_key_knows_its_algorithms() -> None:
    assert make_key(None, RSA).algorithms == {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
    assert make_key(None, EC).algorithms == {"ES256"}
    assert make_key(None, ec_key(0, ec.SECP384R1).public_key()).algorithms == {"ES384"}
    assert make_key(None, ed_key().public_key()).algorithms == {"EdDSA", "Ed25519"}
    assert make_key(None, RSA, "RS256").algorithms == {"RS256"}


@pytest.mark.parametrize(
    ("length", "algorithms"),
    [(32, {"HS256"}), (47, {"HS256"}), (48, {"HS256", "HS384"}), (64, {"HS256", "HS384", "HS512"})],
)
def test_a_secret_is_as_long_as_the_hash(length: int, algorithms: set[str]) -> None:
    assert make_key(None, b"s" * length).algorithms == algorithms


@pytest.mark.parametrize("only", ["HS256", "RS256", "none", "", "ES384"])
def test_an_algorithm_of_another_kind_of_key(only: str) -> None:
    with pytest.raises(KeyRefused, match="alg_not_of_key"):
        make_key(None, EC, only)


def test_keys_that_are_too_weak() -> None:
    weak: list[tuple[Material, str]] = [
        (b"s" * 31, "secret_too_short"),
        (b"", "secret_too_short"),
        (rsa_key(0, 1024).public_key(), "rsa_size"),
        (rsa_key(0, 2048, 3).public_key(), "rsa_exponent"),
        (ec.generate_private_key(ec.SECP224R1()).public_key(), "curve"),
    ]
    for material, reason in weak:
        with pytest.raises(KeyRefused, match=reason):
            make_key(None, material)


def test_a_thumbprint_tells_what_matters_apart() -> None:
    keys = [
        make_key(None, EC),
        make_key("", EC),
        make_key("k", EC),
        make_key("k", ec_key(1).public_key()),
        make_key("k", RSA),
        make_key("k", RSA, "RS256"),
        make_key("k", RSA, "PS256"),
    ]
    assert len({key.thumbprint for key in keys}) == len(keys)
    assert make_key("k", EC).thumbprint == keys[2].thumbprint


def test_candidates_by_id_then_those_without_id() -> None:
    one, two, bare, rsa = (
        make_key("a", EC),
        make_key("a", ec_key(1).public_key()),
        make_key(None, EC),
        make_key("r", RSA),
    )
    full = make_key_set([one, two, bare, rsa], 0)
    assert full.candidates("a", "ES256") == (one, two)
    assert full.candidates("a", "RS256") == ()
    assert full.candidates("r", "RS256") == (rsa,)
    assert full.candidates("zzz", "ES256") == (bare,)
    assert full.candidates("zzz", "RS256") == ()
    assert full.candidates(None, "ES256") == (one, two, bare)
    assert full.candidates(None, "HS256") == ()


def test_one_token_costs_a_bounded_number_of_checks() -> None:
    keys = [make_key("a", ec_key(number).public_key()) for number in range(MAX_CANDIDATES + 2)]
    full = make_key_set(keys, 0)
    assert full.candidates("a", "ES256") == tuple(keys[:MAX_CANDIDATES])
    assert len(full.candidates(None, "ES256")) == MAX_CANDIDATES


def test_the_digest_of_a_set_is_of_its_keys_in_any_order() -> None:
    one, two = make_key("a", EC), make_key("b", EC)
    assert make_key_set([one, two], 0).digest == make_key_set([two, one], 3).digest
    assert make_key_set([one], 0).digest != make_key_set([one, two], 0).digest
    assert make_key_set([], 0).digest != make_key_set([one], 0).digest


def test_what_is_shown_of_a_key_holds_no_secret() -> None:
    key = make_key("k", b"a-very-secret-secret-of-32-bytes")
    assert "secret" not in repr(key)
    assert "secret" not in repr(make_key_set([key], 0))
