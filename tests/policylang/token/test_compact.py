import base64
import json
from typing import Any

import pytest

from policylang.token.compact import MAX_TOKEN_BYTES, decode_base64url, read_compact
from policylang.token.errors import TokenRefused


def b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(header: Any, payload: Any = b"{}", signature: bytes = b"sig") -> bytes:
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    return b".".join([*map(b64, parts), b64(signature)])


def reason(data: bytes) -> str:
    with pytest.raises(TokenRefused) as caught:
        read_compact(data)
    return caught.value.reason


def test_reads_the_parts() -> None:
    data = token({"alg": "ES256", "kid": "k1", "typ": "application/AT+JWT", "x5t": "ignored"}, {"sub": "u1"})
    compact = read_compact(data)
    assert (compact.alg, compact.kid, compact.typ) == ("ES256", "k1", "at+jwt")
    assert compact.payload == {"sub": "u1"}
    assert compact.signature == b"sig"
    assert compact.signing_input == data.rpartition(b".")[0]


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "AT+JWT", "application/jwt", "Application/At+Jwt"])
def test_takes_the_types_of_access_tokens(typ: str) -> None:
    assert read_compact(token({"alg": "ES256", "typ": typ})).typ in {"jwt", "at+jwt"}


@pytest.mark.parametrize(
    "typ", ["identity+jwt", "dpop+jwt", "secevent+jwt", "logout+jwt", "", "application/", "jwt ", "text/jwt", None, 1]
)
def test_refuses_other_types(typ: object) -> None:
    assert reason(token({"alg": "ES256", "typ": typ})) == "typ_not_allowed"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
def test_never_takes_none(alg: str) -> None:
    assert reason(token({"alg": alg})) == "alg_none"
    assert reason(token({"alg": alg}, signature=b"")) == "alg_none"


@pytest.mark.parametrize("header", [{}, {"alg": None}, {"alg": ""}, {"alg": ["ES256"]}, {"alg": 1}, {"Alg": "ES256"}])
def test_wants_an_algorithm(header: dict[str, object]) -> None:
    assert reason(token(header)) == "alg_missing"


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("crit", "crit"),
        ("b64", "b64"),
        ("jku", "jku"),
        ("x5u", "x5u"),
        ("jwk", "jwk"),
        ("zip", "zip"),
        ("enc", "encrypted"),
        ("cty", "nested"),
    ],
)
@pytest.mark.parametrize("value", [None, [], "x", {"a": 1}])
def test_refuses_members_that_would_have_to_be_obeyed(member: str, expected: str, value: object) -> None:
    assert reason(token({"alg": "ES256", member: value})) == expected


@pytest.mark.parametrize("kid", ["", "k" * 257, "a\nb", "a\x00", "\u200b", 7, None, ["k"], {"k": 1}])
def test_refuses_a_key_id_that_is_no_printable_text(kid: object) -> None:
    assert reason(token({"alg": "ES256", "kid": kid})) == "kid_invalid"


@pytest.mark.parametrize("kid", ["k", "k" * 256, "a b", "\u00e9", "../../etc/passwd", "' OR 1=1"])
def test_takes_any_other_key_id_as_a_text(kid: str) -> None:
    assert read_compact(token({"alg": "ES256", "kid": kid})).kid == kid


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "not_compact"),
        (b"a.b", "not_compact"),
        (b"a.b.c.d", "not_compact"),
        (b"a.b.c.d.e", "encrypted"),
        (b"a.b.c.d.e.f", "not_compact"),
        (b"..", "header_not_json"),
        (token(b"[]"), "header_not_object"),
        (token(b'{"alg":"ES256","alg":"none"}'), "header_duplicate_member"),
        (token({"alg": "ES256"}, b"1"), "payload_not_object"),
        (token({"alg": "ES256"}, b'{"sub":"a","sub":"b"}'), "payload_duplicate_member"),
        (token({"alg": "ES256"}, b'{"a":NaN}'), "payload_not_a_number"),
        (token({"alg": "ES256"}, b'{"a":"\xff"}'), "payload_not_utf8"),
        (token({"alg": "ES256"}, rb'{"a":"\ud800"}'), "payload_surrogate"),
        (token({"alg": "ES256"}, b'{"a":' + b"[" * 40 + b"]" * 40 + b"}"), "payload_too_deep"),
        (token({"alg": "ES256"}, signature=b""), "signature_missing"),
        (token({"alg": "ES256"}) + b"=", "not_base64url"),
        (token({"alg": "ES256"}) + b"\n", "not_base64url"),
        (token({"alg": "ES256"}) + b" ", "not_base64url"),
    ],
)
def test_refuses(data: bytes, expected: str) -> None:
    assert reason(data) == expected


def test_the_size_limit_is_inclusive() -> None:
    data = token({"alg": "ES256"}, {"fill": "x" * 9_000})
    assert read_compact(data, len(data)).alg == "ES256"
    with pytest.raises(TokenRefused, match="too_large"):
        read_compact(data, len(data) - 1)
    assert reason(b"a" * (MAX_TOKEN_BYTES + 1)) == "too_large"


@pytest.mark.parametrize(
    ("part", "data"), [(b"", b""), (b"AQ", b"\x01"), (b"AQI", b"\x01\x02"), (b"-_-_", b"\xfb\xff\xbf")]
)
def test_base64url(part: bytes, data: bytes) -> None:
    assert decode_base64url(part) == data


@pytest.mark.parametrize(
    "part", [b"A", b"AQ==", b"AR", b"AQJ", b"+/+/", b"A Q", b"AQ\n", b"A*QI", b"AQI=", b"\xff\xff"]
)
def test_base64url_has_one_spelling(part: bytes) -> None:
    with pytest.raises(TokenRefused, match="not_base64url"):
        decode_base64url(part)


def test_what_is_shown_of_a_token_holds_none_of_it() -> None:
    compact = read_compact(token({"alg": "ES256", "kid": "k1"}, {"sub": "secret-person"}, b"secret-signature"))
    assert "secret" not in repr(compact)
