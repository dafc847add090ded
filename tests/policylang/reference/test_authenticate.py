import json
from dataclasses import replace
from typing import Any

import pytest

from policylang.check.model import CheckedModule, Issuer, KeySource
from policylang.reference.authenticate import ANONYMOUS, authenticate
from policylang.reference.payload import RefusedError
from policylang.runtime.ask import Ask
from tests.strategies.checked import issuer, module, route

NOW = 1_000_000
GOOD = {"iss": "https://corp.test", "aud": "api", "exp": NOW + 60, "sub": "u"}


def refused(changes: dict[str, Any], made_by: Issuer, now: int = NOW * 1_000_000) -> bool:
    """Whether the good token with changes (MISSING ... None removes) is refused."""
    members = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    checked = module(issuers=(made_by,))
    ask = Ask(now, "GET", "/r", payload=json.dumps(members).encode())
    try:
        return authenticate(checked, checked.routes["r"], ask) is None
    except RefusedError:
        return True


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"aud": ["x", "api"]}, {"nbf": NOW}, {"nbf": 0}, {"iat": NOW}, {"jti": 1.5}, {"aud": ["api",
        "api"]},
        {"exp": 253402300799}, {"sub": "\0"}, {"azp": None},
    ],
)  # fmt: skip
def test_accepts(changes: dict[str, Any]) -> None:
    assert not refused(changes, issuer())


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": ...}, {"iss": "https://corp.test/"}, {"iss": "https://CORP.test"}, {"iss": ["https://corp.test"]},
        {"iss": None},
        {"aud": ...}, {"aud": []}, {"aud": "apix"}, {"aud": ["x"]}, {"aud": ["api", 1]}, {"aud": {"api": 1}},
        {"aud": None},
        {"exp": ...}, {"exp": NOW}, {"exp": str(NOW + 60)}, {"exp": NOW + 60.0}, {"exp": True}, {"exp": None},
        {"exp": 253402300800}, {"nbf": NOW + 1}, {"nbf": "0"}, {"nbf": None}, {"nbf": -1}, {"iat": "0"}, {"iat": 1.5},
        {"iat": NOW + 1},
        {"cnf": {}}, {"cnf": None}, {"sub": ...}, {"sub": ""}, {"sub": 1},
    ],
)  # fmt: skip
def test_refuses(changes: dict[str, Any]) -> None:
    assert refused(changes, issuer())


def test_leeway_moves_both_edges() -> None:
    lenient = issuer(leeway_micros=5_000_000)
    assert not refused({"exp": NOW}, lenient, NOW * 1_000_000 + 4_999_999)
    assert refused({"exp": NOW}, lenient, NOW * 1_000_000 + 5_000_000)
    assert not refused({"nbf": NOW + 5}, lenient)
    assert refused({"nbf": NOW + 5}, lenient, NOW * 1_000_000 - 1)


def test_a_lifetime_asks_for_iat_and_bounds_it() -> None:
    short = issuer(lifetime_micros=60_000_000)
    assert refused({}, short)
    assert not refused({"iat": NOW}, short)
    assert refused({"iat": NOW - 1}, short)
    assert refused({"iat": NOW + 1}, short)


def two_kinds() -> CheckedModule:
    people = issuer("people", marked=(("gty",), None))
    robots = issuer("robots", marked=(("gty",), "machine"))
    return module(issuers=(people, robots), routes=(route("r", "/r", trust=("people", "robots")),))


@pytest.mark.parametrize(
    ("mark", "expected"),
    [({}, "people"), ({"gty": "machine"}, "robots"), ({"gty": "other"}, None), ({"gty": None}, None),
     ({"gty": ["machine"]}, None)],
)  # fmt: skip
def test_marks_tell_kinds_apart(mark: dict[str, Any], expected: str | None) -> None:
    checked = two_kinds()
    ask = Ask(NOW * 1_000_000, "GET", "/r", payload=json.dumps({**GOOD, **mark}).encode())
    if expected is None:
        with pytest.raises(RefusedError):
            authenticate(checked, checked.routes["r"], ask)
    else:
        caller = authenticate(checked, checked.routes["r"], ask)
        assert caller is not None
        assert caller.issuer == expected


def test_no_credential_and_credentials_nobody_reads() -> None:
    only = route("r", "/r")
    mixed = route("r", "/r", anonymous=True)
    public = route("r", "/r", trust=(), anonymous=True)
    nothing, junk = Ask(0, "GET", "/r"), Ask(0, "GET", "/r", payload=b"junk")
    assert authenticate(module(), only, nothing) is None
    assert authenticate(module(), mixed, nothing) == ANONYMOUS
    assert authenticate(module(), public, junk) == ANONYMOUS
    with pytest.raises(RefusedError):
        authenticate(module(), mixed, junk)


def ring() -> Issuer:
    """A keyring that may be trusted, with the claims of corp."""
    return replace(issuer(), iss="", keys=KeySource("keyring", "corp"), algorithms=(), audience=())


def by_key(payload: bytes, keyring: str | None, made: Issuer) -> bool:
    """Whether an access key, or a token without one, is taken."""
    checked = module(issuers=(made,))
    try:
        found = authenticate(
            checked, checked.routes["r"], Ask(NOW * 1_000_000, "GET", "/r", payload=payload, keyring=keyring)
        )
    except RefusedError:
        return False
    assert found is not None
    assert (found.issuer, found.claims["sub"], found.expires) == ("corp", "u", 253402300800 * 1_000_000)
    return True


def test_an_access_key_has_no_registered_claims() -> None:
    assert by_key(b'{"sub": "u"}', "corp", ring())
    assert by_key(b'{"sub": "u", "exp": 0, "cnf": {}, "aud": 1}', "corp", ring())
    assert not by_key(b'{"sub": 1}', "corp", ring())
    assert not by_key(b"[]", "corp", ring())
    assert not by_key(b'{"sub": "u"}', "other", ring())
    assert not by_key(b'{"sub": "u"}', "corp", issuer())


def test_no_token_is_from_a_keyring() -> None:
    assert not by_key(json.dumps({**GOOD, "iss": ""}).encode(), None, ring())
