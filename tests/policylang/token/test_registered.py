from typing import Any

import pytest

from policylang.token.errors import TokenRefused
from policylang.token.ijson import NON_INTEGER
from policylang.token.registered import check_registered
from tests.strategies.tokens import AUDIENCE, ISS, NOW, SECOND, issuer, payload

LEEWAY = 30 * SECOND
T = NOW // SECOND


def reason(now: int = NOW, lifetime: int | None = None, **changes: Any) -> str:
    with pytest.raises(TokenRefused) as caught:
        check_registered(issuer(lifetime_micros=lifetime), payload(**changes), now)
    return caught.value.reason


def test_a_good_token_has_an_interval_with_leeway_and_an_end_without() -> None:
    validity = check_registered(issuer(), payload(nbf=T - 5, iat=T - 60, exp=T + 300), NOW)
    assert validity.valid_from == NOW - 5 * SECOND - LEEWAY
    assert validity.valid_until == NOW + 300 * SECOND + LEEWAY
    assert validity.expires == NOW + 300 * SECOND


def test_what_the_interval_says_is_what_the_check_does() -> None:
    members = payload(nbf=T + 20, iat=T - 60, exp=T + 300)
    validity = check_registered(issuer(), members, NOW)
    assert check_registered(issuer(), members, validity.valid_from) == validity
    assert check_registered(issuer(), members, validity.valid_until - 1) == validity
    assert reason(validity.valid_from - 1, nbf=T + 20, iat=T - 60, exp=T + 300) == "not_yet_valid"
    assert reason(validity.valid_until, nbf=T + 20, iat=T - 60, exp=T + 300) == "expired"


def test_without_leeway_the_edge_is_exp_itself() -> None:
    exact = issuer(leeway_micros=0)
    assert check_registered(exact, payload(exp=T + 1), NOW + SECOND - 1).valid_until == NOW + SECOND
    with pytest.raises(TokenRefused, match="expired"):
        check_registered(exact, payload(exp=T + 1), NOW + SECOND)


@pytest.mark.parametrize("iss", [..., None, "", ISS + "/", ISS.upper(), [ISS], 1])
def test_issuers_compare_for_equality(iss: object) -> None:
    assert reason(iss=iss) == "iss_mismatch"


@pytest.mark.parametrize("aud", [..., None, 1, {}, {AUDIENCE: 1}, [AUDIENCE, 1], [AUDIENCE, None], [[AUDIENCE]], True])
def test_an_audience_is_text_or_texts(aud: object) -> None:
    assert reason(aud=aud) == "aud_invalid"


@pytest.mark.parametrize(
    "aud", ["", "other", [], ["other"], AUDIENCE + "/", AUDIENCE[:-1], AUDIENCE.upper(), [AUDIENCE + " "]]
)
def test_another_audience(aud: object) -> None:
    assert reason(aud=aud) == "aud_mismatch"


def test_one_audience_of_several_is_enough() -> None:
    two = issuer(audience=("x", AUDIENCE))
    assert check_registered(two, payload(aud=["z", "x"]), NOW)
    assert check_registered(two, payload(aud=AUDIENCE), NOW)


@pytest.mark.parametrize("member", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [None, "1769947200", True, NON_INTEGER, -1, 253402300800, 1.5, [T], {}])
def test_instants_are_whole_seconds(member: str, value: object) -> None:
    with pytest.raises(TokenRefused) as caught:
        check_registered(issuer(), payload() | {member: value}, NOW)
    assert caught.value.reason == f"{member}_invalid"


def test_exp_is_always_required() -> None:
    assert reason(exp=...) == "exp_missing"


def test_iat_in_the_future() -> None:
    assert check_registered(issuer(), payload(iat=T + 30), NOW)
    assert reason(iat=T + 31) == "issued_in_future"


def test_a_lifetime_wants_iat_and_bounds_exp() -> None:
    hour = 3600 * SECOND
    assert reason(lifetime=hour, iat=...) == "iat_missing"
    assert reason(lifetime=hour, iat=T, exp=T + 3601) == "lifetime"
    assert check_registered(issuer(lifetime_micros=hour), payload(iat=T, exp=T + 3600), NOW)
    assert check_registered(issuer(), payload(iat=...), NOW)


@pytest.mark.parametrize("cnf", [None, {}, {"jkt": "x"}, {"x5t#S256": "x"}, "x"])
def test_a_bound_token_is_refused_whatever_it_is_bound_to(cnf: object) -> None:
    assert reason(cnf=cnf) == "cnf"


@pytest.mark.parametrize("sub", [None, 1, ["u1"], {}, True])
def test_a_subject_is_text_even_where_nobody_reads_it(sub: object) -> None:
    assert reason(sub=sub) == "sub_invalid"


def test_a_token_without_subject_is_for_the_declarations_to_judge() -> None:
    assert check_registered(issuer(), payload(sub=...), NOW)
