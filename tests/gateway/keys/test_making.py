from typing import Any

import pytest

from gateway.authn.jwk import jwk_problem
from gateway.keys.changes import Problem
from gateway.keys.making import (
    KeyKind,
    NewKey,
    made_proof,
    problem_of_claims,
    problem_of_expiry,
    problem_of_new,
    problem_of_object,
)
from gateway.keys.records import PublicProof
from tests.strategies.ring_door import MASTER, PARTNERS, SIGNED, random_bytes
from tests.strategies.tokens import CORP, NOW, ec_key, jwk, rsa_key

KID = "0123456789abcdef"
RULES = (CORP, PARTNERS, SIGNED)


@pytest.mark.parametrize(
    ("new", "reason", "member"),
    [
        (NewKey("nobody", "opaque", {"sub": "u"}), "keyring_unknown", "keyring"),
        (NewKey("corp", "opaque", {"sub": "u"}), "keyring_unknown", "keyring"),
        (NewKey("partners", "HS256"), "kind_not_of_keyring", "kind"),
        (NewKey("clients", "opaque", {"sub": "u"}), "kind_not_of_keyring", "kind"),
        (NewKey("clients", "HS512"), "kind_not_of_keyring", "kind"),
        (NewKey("clients", "HS256", {"sub": "u"}), "claims_invalid", "claims"),
        (NewKey("partners", "opaque"), "claims_invalid", "claims.sub"),
        (NewKey("partners", "opaque", {"sub": "u", "tenant": "A B"}), "claims_invalid", "claims.tenant"),
        (NewKey("partners", "opaque", {"sub": "u"}, {"a": 1.5}), "metadata_invalid", "metadata"),
        (NewKey("partners", "opaque", {"sub": "u"}, {"a": "x" * 60_000}), "too_large", "metadata"),
        (NewKey("partners", "opaque", {"sub": "u"}, expires=NOW), "expires_invalid", "expires"),
        (NewKey("partners", "opaque", {"sub": "u"}, expires=-1), "expires_invalid", "expires"),
        (NewKey("partners", "opaque", {"sub": "u"}, expires=2**53), "expires_invalid", "expires"),
    ],
)
def test_what_a_new_key_may_not_be(new: NewKey, reason: str, member: str) -> None:
    problem = problem_of_new(new, RULES, NOW)
    assert problem is not None
    assert (problem.reason, problem.member) == (reason, member)


def test_what_it_may_be() -> None:
    assert problem_of_new(NewKey("partners", "opaque", {"sub": "u"}, {"a": [1]}, NOW + 1), RULES, NOW) is None
    assert problem_of_new(NewKey("clients", "HS256"), RULES, NOW) is None
    assert problem_of_new(NewKey("clients", "public", jwk=jwk(ec_key())), RULES, NOW) is None
    assert problem_of_expiry(0, NOW) is None


@pytest.mark.parametrize(
    ("kind", "given", "detail"),
    [
        ("public", None, "needed_for_public_keys_alone"),
        ("opaque", jwk(ec_key()), "needed_for_public_keys_alone"),
        ("HS256", jwk(ec_key()), "needed_for_public_keys_alone"),
        ("public", jwk(rsa_key(1, 1024)), "rsa_size"),
        ("public", jwk(ec_key()) | {"d": "AA"}, "private_key"),
        ("public", {"kty": "oct", "k": "A" * 43}, "private_key"),
        ("public", {"kty": "oct"}, "kty"),
        ("public", {}, "kty"),
        ("public", jwk(ec_key(), use="enc"), "use"),
        ("public", jwk(ec_key(), alg="HS256"), "alg_not_of_key"),
    ],
)
def test_jwks_are_checked_as_those_of_issuers_are(kind: KeyKind, given: dict[str, Any] | None, detail: str) -> None:
    made = made_proof(NewKey("clients", kind, jwk=given), MASTER, KID, random_bytes(), jwk_problem)
    assert made == Problem("jwk_refused", "jwk", detail)


def test_a_jwks_own_id_is_left_behind() -> None:
    made = made_proof(
        NewKey("clients", "public", jwk=jwk(ec_key(), kid="mine")), MASTER, KID, random_bytes(), jwk_problem
    )
    assert made == (PublicProof(jwk(ec_key())), None)


@pytest.mark.parametrize(
    ("members", "detail"),
    [
        ({"a": 1.5}, "not_integers"),
        ({"a": float("nan")}, "not_json"),
        ({"a": 2**63}, "not_integers"),
        ({"a": "\ud800"}, "not_json"),
        ({"a": "\ufffe"}, "noncharacter"),
        ({"a": {1}}, "not_json"),
        ({1: "a"}, "not_integers"),
        ({"a": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}, "too_deep"),
    ],
)
def test_what_would_not_come_back_as_it_was_given_is_refused(members: dict[Any, Any], detail: str) -> None:
    assert problem_of_object(members, "metadata") == Problem("metadata_invalid", "metadata", detail)


def test_claims_of_tokens_are_their_own() -> None:
    assert problem_of_claims({}, False, RULES) is None
    assert problem_of_claims({"sub": "u"}, False, RULES) is not None
