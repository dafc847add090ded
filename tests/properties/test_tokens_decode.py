"""Tokens are read and decoded as the decoding table says: the product's readers against the oracle's, and the table's laws."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policylang.check.model import Claim, Value
from policylang.plan import declarations
from policylang.reference.authenticate import check_registered, issuer_of
from policylang.reference.decode import decode_all
from policylang.reference.payload import RefusedError, Wrong, read
from policylang.reference.values import ABSENT
from policylang.runtime.ask import Ask
from policylang.token.choose import choose_issuer
from policylang.token.claims import decode_claims
from policylang.token.errors import JsonRefused, TokenRefused
from policylang.token.ijson import NON_INTEGER, read_ijson
from policylang.token.registered import check_registered as product_check
from policylang.typesys import terms
from tests.strategies import json_texts, pool
from tests.strategies.checked import claim, issuer, module, route
from tests.strategies.profile import examples

REFUSED = "refused"


def by_oracle(payload: bytes) -> Any:
    try:
        return same_numbers(read(payload))
    except RefusedError:
        return REFUSED


def by_product(payload: bytes) -> Any:
    try:
        value = read_ijson(payload, 16_384)
    except JsonRefused:
        return REFUSED
    return value if isinstance(value, dict) else REFUSED


def same_numbers(value: Any) -> Any:
    """The oracle's values with the product's word for a number of no type."""
    if isinstance(value, Wrong):
        return NON_INTEGER
    if isinstance(value, list):
        return [same_numbers(item) for item in value]
    return {name: same_numbers(item) for name, item in value.items()} if isinstance(value, dict) else value


@given(json_texts.texts())
@example(b'{"a":[' + b"[0]," * 5_000 + b"0]}")
@example(b'{"a":-0}')
@example(b'{"a":"\\uffff"}')
@example(b'{"a":"\xef\xb7\x90"}')
@example(b"{" + b'"a":[' * 1 + b"[" * 10_000)
@example(b'{"a":"' + b"[" * 40 + b'"}')
@example(b'{"a":"\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}')
@example(b'{"a":' + b"9" * 5000 + b"}")
@examples(150)
def test_both_readers_take_and_refuse_the_same_texts(payload: bytes) -> None:
    assert by_product(payload) == by_oracle(payload)


SCALARS: tuple[terms.Scalar, ...] = (
    terms.Text(), terms.Text(0, 8), terms.Slug(), terms.Email(), terms.Enum(("a", "gold")), terms.Bool(), terms.Time(),
    terms.Cidr(), terms.Int(0, 100), terms.Int(-(2**63), 2**63 - 1),
)  # fmt: skip
DEFAULTS: dict[type, Value] = {
    terms.Text: "d", terms.Slug: "d", terms.Email: "d@d", terms.Enum: "a", terms.Bool: False, terms.Cidr: "10.0.0.0/8",
    terms.Int: 0, terms.Time: 7,
}  # fmt: skip


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """A declaration of any type, with any modifiers that go together."""
    scalar = draw(st.sampled_from(SCALARS))
    is_set = isinstance(scalar, terms.Text | terms.Slug | terms.Email | terms.Enum | terms.Cidr) and draw(st.booleans())
    fallback: Value = frozenset({str(DEFAULTS[type(scalar)])}) if is_set else DEFAULTS[type(scalar)]
    mode = draw(st.sampled_from(("required", "optional", "default", "always")))
    return claim(
        "a",
        terms.SetOf(scalar) if is_set else scalar,
        source=draw(st.sampled_from((("a",), ("a", "b"), ("https://example.com/a",)))),
        optional=mode == "optional",
        default=fallback if mode == "default" else None,
        always=fallback if mode == "always" else None,
        split=draw(st.sampled_from((None, " ", ","))) if is_set else None,
        null_as_absent=mode in {"optional", "default"} and draw(st.booleans()),
    )


VALUES = json_texts.values() | st.sampled_from(
    (*pool.SLUGS, *pool.EMAILS, *pool.NETWORKS, *pool.ADDRESSES, "a b", "a,b", "10.0.0.0/08", "10.0.0.0/255.0.0.0", "FD00::/8",
     "gold",
     ["a", "b"], ["a b"], [], "", ["", "a"], ["10.0.0.0/8", "fd00::/8"], "a  b", 253402300799, 253402300800)
)  # fmt: skip


@given(
    claims(),
    st.dictionaries(
        st.sampled_from(("a", "b", "https://example.com/a")), VALUES | st.fixed_dictionaries({"b": VALUES})
    ),
)
@examples(300)
def test_both_decoders_follow_one_table(declared: Claim, members: dict[str, Any]) -> None:
    read_back = by_oracle(json.dumps(members).encode())
    if read_back == REFUSED:
        return
    try:
        wanted: Any = decode_all((declared,), read(json.dumps(members).encode()))["a"]
    except RefusedError:
        wanted = REFUSED
    try:
        (found,) = decode_claims((declarations.claim(declared),), read_back)
    except TokenRefused:
        found = REFUSED
    assert found == (None if wanted is ABSENT else wanted)
    assert wanted is ABSENT or type(found) is type(wanted)


REGISTERED: st.SearchStrategy[Any] = st.sampled_from(
    (pool.BASE, pool.BASE + 1, pool.BASE - 1, pool.BASE + 3600, 0, -1, 253402300799, 253402300800, 1.5, "1", True,
     None, "api", ["api"],
     ["x", "api"], [], ["api", 1], "https://corp.test", "https://corp.test/", {}, "robot", "u1")
)  # fmt: skip


@given(
    st.fixed_dictionaries(
        {
            "iss": st.just("https://corp.test") | REGISTERED,
            "aud": st.just("api") | REGISTERED,
            "exp": st.just(pool.BASE + 9) | REGISTERED,
        },
        optional=dict.fromkeys(("nbf", "iat", "sub", "cnf", "gty"), REGISTERED),
    ),
    st.sampled_from((0, 1_000_000)),
    st.sampled_from((None, 3600_000_000)),
    st.sampled_from((0, 1, -1, 999_999, 1_000_000)),
)  # fmt: skip
@examples(300)
def test_registered_claims_are_judged_alike(
    members: dict[str, Any], leeway: int, lifetime: int | None, shift: int
) -> None:
    now = pool.BASE * pool.SECOND + shift
    kinds = (
        issuer("people", marked=(("gty",), None), leeway_micros=leeway, lifetime_micros=lifetime),
        issuer("robots", marked=(("gty",), "robot"), leeway_micros=leeway, lifetime_micros=lifetime),
    )
    payload = read(json.dumps(members).encode())
    try:
        chosen = issuer_of(list(kinds), payload)
        check_registered(chosen, payload, now)
        wanted = chosen.name
    except RefusedError:
        wanted = REFUSED
    try:
        picked = choose_issuer([declarations.issuer(kind, 0) for kind in kinds], same_numbers(payload))
        validity = product_check(picked, same_numbers(payload), now)
        found = picked.name
        assert validity.valid_from <= now < validity.valid_until
    except TokenRefused:
        found = REFUSED
    assert found == wanted


def wrong_values(term: terms.Scalar | terms.SetOf) -> list[Any]:
    """JSON values that are of another type, whatever the bounds."""
    every: list[Any] = [None, True, 1, 1.5, "\u00e9 \u00e9", [], {}, [1], [None]]
    fits: tuple[type, ...] = {terms.Bool: (bool,), terms.Int: (int,), terms.Time: (int,), terms.SetOf: (list,)}.get(
        type(term), (str,)
    )
    found = [value for value in every if type(value) not in fits]
    if isinstance(term, terms.SetOf):
        found += [[1], [None], [["a"]], [{}]]
    return found


@pytest.mark.parametrize("term", [*SCALARS, terms.SetOf(terms.Slug())], ids=str)
def test_a_mistyped_claim_is_refused_whatever_its_modifiers(term: terms.Scalar | terms.SetOf) -> None:
    made_by = issuer("corp", claim("x", term), claim("y", term, optional=True))
    for name in ("x", "y"):
        for value in wrong_values(term):
            payload = read(json.dumps({"sub": "u", "x": value, "y": value, name: value}).encode())
            with pytest.raises(RefusedError):
                decode_all(made_by.claims, payload)
            with pytest.raises(TokenRefused):
                decode_claims(declarations.claims(made_by.claims), same_numbers(payload))


@given(st.dictionaries(st.sampled_from(("jti", "azp", "scope", "x", "client_id", "acr")), json_texts.values()))
@examples(50)
def test_undeclared_claims_change_nothing(more: dict[str, Any]) -> None:
    from policylang.reference.authenticate import authenticate

    checked = module(issuers=(issuer("corp", claim("n", terms.Int(0, 9))),), routes=(route("r", "/r"),))
    members = {"iss": "https://corp.test", "aud": "api", "exp": pool.BASE + 9, "sub": "u", "n": 3}
    ask = Ask(pool.BASE * pool.SECOND, "GET", "/r", payload=json.dumps(members).encode())
    wanted = authenticate(checked, checked.routes["r"], ask)
    padded = json.dumps({**more, **members}).encode()
    if by_oracle(padded) != REFUSED:
        assert authenticate(checked, checked.routes["r"], replace(ask, payload=padded)) == wanted
