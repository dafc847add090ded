from typing import Any

import pytest

from policylang.plan.model import Keys, Mark
from policylang.token.choose import choose_issuer
from policylang.token.errors import TokenRefused
from tests.strategies.tokens import ISS, issuer

PEOPLE = issuer(name="people", marked=Mark(("gty",), None))
ROBOTS = issuer(name="robots", marked=Mark(("gty",), "client-credentials"))
OTHER = issuer(name="other", iss="https://other.example")


def reason(candidates: tuple[Any, ...], payload: dict[str, Any]) -> str:
    with pytest.raises(TokenRefused) as caught:
        choose_issuer(candidates, payload)
    return caught.value.reason


def test_by_iss() -> None:
    assert choose_issuer((PEOPLE, OTHER), {"iss": "https://other.example"}) is OTHER


def test_no_token_is_from_a_keyring() -> None:
    keyring = issuer(name="keyring", iss="", keys=Keys("keyring", "keyring"), algorithms=(), audience=())
    assert reason((keyring,), {"iss": ""}) == "iss_unknown"
    assert reason((keyring,), {}) == "iss_missing"
    assert choose_issuer((keyring, OTHER), {"iss": OTHER.iss}) is OTHER


def test_by_mark_in_any_order() -> None:
    for candidates in ((PEOPLE, ROBOTS, OTHER), (ROBOTS, OTHER, PEOPLE)):
        assert choose_issuer(candidates, {"iss": ISS}) is PEOPLE
        assert choose_issuer(candidates, {"iss": ISS, "gty": "client-credentials"}) is ROBOTS


@pytest.mark.parametrize("gty", [None, "", "Client-Credentials", ["client-credentials"], {"client-credentials": 1}, 0])
def test_another_mark_is_neither(gty: object) -> None:
    assert reason((PEOPLE, ROBOTS), {"iss": ISS, "gty": gty}) == "mark_mismatch"


@pytest.mark.parametrize(
    ("payload", "absent"),
    [({}, True), ({"a": {}}, True), ({"a": None}, False), ({"a": "x"}, False), ({"a": {"b": None}}, False)],
)
def test_a_mark_may_lie_deeper(payload: dict[str, Any], absent: bool) -> None:
    deep = issuer(marked=Mark(("a", "b"), None))
    if absent:
        assert choose_issuer((deep,), {"iss": ISS} | payload) is deep
    else:
        assert reason((deep,), {"iss": ISS} | payload) == "mark_mismatch"


@pytest.mark.parametrize("iss", [None, 1, [ISS], {ISS: 1}])
def test_iss_is_text(iss: object) -> None:
    assert reason((PEOPLE,), {"iss": iss}) == "iss_missing"
    assert reason((PEOPLE,), {}) == "iss_missing"


@pytest.mark.parametrize("iss", ["", ISS + "/", ISS.upper(), ISS + "\x00", ISS[:-1]])
def test_nothing_like_an_iss_is_one(iss: str) -> None:
    assert reason((PEOPLE, ROBOTS), {"iss": iss}) == "iss_unknown"
    assert reason((), {"iss": ISS}) == "iss_unknown"


def test_two_that_fit_are_not_chosen_between() -> None:
    assert reason((issuer(name="a"), issuer(name="b")), {"iss": ISS}) == "issuer_ambiguous"
