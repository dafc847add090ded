from typing import Any

import pytest

from policylang.token.claims import claims_decoder, decode_claims, decode_fields
from policylang.token.errors import MetadataRefused, TokenRefused
from policylang.token.ijson import NON_INTEGER
from tests.strategies.tokens import claim

INT = ("int", 0, 100)
SET = ("set", ("slug",))

REQUIRED: dict[str, Any] = {}
OPTIONAL: dict[str, Any] = {"optional": True}
DEFAULT: dict[str, Any] = {"default": (7,)}
ALWAYS: dict[str, Any] = {"always": (7,)}
MISSING, NULL, INVALID = "claim_missing", "claim_null", "claim_invalid"


def outcome(payload: dict[str, Any], term: tuple[Any, ...] = INT, **declared: Any) -> Any:
    """The decoded value, or the reason of the refusal."""
    try:
        (value,) = decode_claims((claim("x", term, **declared),), payload)
    except TokenRefused as refused:
        return refused.reason if refused.claim == "x" else refused
    return value


@pytest.mark.parametrize(
    ("payload", "required", "optional", "default"),
    [
        ({"x": 3}, 3, 3, 3),
        ({}, MISSING, None, 7),
        ({"X": 3}, MISSING, None, 7),
        ({"x": None}, NULL, NULL, NULL),
        ({"x": 101}, INVALID, INVALID, INVALID),
        ({"x": True}, INVALID, INVALID, INVALID),
        ({"x": "3"}, INVALID, INVALID, INVALID),
        ({"x": NON_INTEGER}, INVALID, INVALID, INVALID),
        ({"x": []}, INVALID, INVALID, INVALID),
    ],
)
def test_the_table(payload: dict[str, Any], required: Any, optional: Any, default: Any) -> None:
    assert outcome(payload) == required
    assert outcome(payload, **OPTIONAL) == optional
    assert outcome(payload, **DEFAULT) == default
    assert outcome(payload, **ALWAYS) == 7


@pytest.mark.parametrize(("declared", "expected"), [(REQUIRED, MISSING), (OPTIONAL, None), (DEFAULT, 7), (ALWAYS, 7)])
def test_null_as_absent_makes_null_the_row_above(declared: dict[str, Any], expected: Any) -> None:
    assert outcome({"x": None}, null_as_absent=True, **declared) == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"a": {"b": 3}}, 3),
        ({}, None),
        ({"a": {}}, None),
        ({"a": None}, NULL),
        ({"a": {"b": None}}, NULL),
        ({"a": 3}, INVALID),
        ({"a": [{"b": 3}]}, INVALID),
        ({"a": {"b": {"c": 3}}}, INVALID),
        ({"a.b": 3}, None),
    ],
)
def test_members_within_members(payload: dict[str, Any], expected: Any) -> None:
    assert outcome(payload, source=("a", "b"), optional=True) == expected


@pytest.mark.parametrize("text", ["", "abcd"])
def test_text_of_a_length_that_is_not_declared(text: str) -> None:
    assert outcome({"x": text}, ("text", 1, 3), optional=True) == INVALID
    assert outcome({"x": text}, ("text", 0, 4)) == text


def test_no_folding() -> None:
    assert outcome({"x": "\u00e9"}, ("text", 1, 2)) == "\u00e9"
    assert outcome({"x": "e\u0301"}, ("text", 1, 2)) == "e\u0301"
    assert outcome({"x": "Gold"}, ("enum", "gold")) == INVALID


@pytest.mark.parametrize("declared", [REQUIRED, OPTIONAL, {"default": (("z",),)}])
@pytest.mark.parametrize(
    ("value", "split", "expected"),
    [
        ([], None, frozenset()),
        ([], " ", frozenset()),
        ("", " ", frozenset()),
        ("", None, INVALID),
        (["a", "b", "a"], None, frozenset("ab")),
        ("a b a", " ", frozenset("ab")),
        (["a", "b"], " ", frozenset("ab")),
        (["a b"], " ", INVALID),
        ("a  b", " ", INVALID),
        (" a", " ", INVALID),
        ("a ", " ", INVALID),
        ("a", None, INVALID),
        (["a", 1], None, INVALID),
        (["a", None], None, INVALID),
        (["a", ["b"]], " ", INVALID),
        (["A"], None, INVALID),
        ({"a": 1}, None, INVALID),
        (1, " ", INVALID),
        ("a, b", ", ", frozenset("ab")),
    ],
)
def test_sets(declared: dict[str, Any], value: Any, split: str | None, expected: Any) -> None:
    assert outcome({"x": value}, SET, split=split, **declared) == expected


def test_an_item_that_contains_the_separator_is_not_two_items() -> None:
    words = ("set", ("text", 1, 9))
    assert outcome({"x": ["a b", "c"]}, words, split=" ") == INVALID
    assert outcome({"x": ["a b", "c"]}, words, split=",") == frozenset(("a b", "c"))
    assert outcome({"x": ["a b", "c"]}, words) == frozenset(("a b", "c"))


def test_an_empty_item_is_one_only_where_text_may_be_empty() -> None:
    assert outcome({"x": "a  b"}, ("set", ("text", 0, 9)), split=" ") == frozenset(("a", "", "b"))
    assert outcome({"x": "a  b"}, ("set", ("text", 1, 9)), split=" ") == INVALID


def test_declared_sets_are_sets_at_run_time() -> None:
    assert outcome({}, SET, default=(("a", "b"),)) == frozenset("ab")
    assert outcome({"x": 1}, SET, always=(("a",),)) == frozenset("a")


def test_networks_in_a_set_are_canonical_and_collapse() -> None:
    assert outcome({"x": ["FD00::/8", "fd00::/8"]}, ("set", ("cidr",))) == frozenset(("fd00::/8",))


def test_false_and_zero_are_values() -> None:
    assert outcome({"x": False}, ("bool",), default=(True,)) is False
    assert outcome({"x": 0}, INT, default=(7,)) == 0


def test_values_are_aligned_with_their_declarations() -> None:
    specs = (claim("a", INT), claim("b", ("bool",), optional=True), claim("c", ("slug",), source=("client_id",)))
    assert decode_claims(specs, {"client_id": "z", "a": 1, "c": "no"}) == (1, None, "z")
    assert decode_claims((), {"a": 1}) == ()


def test_an_undeclared_member_changes_nothing() -> None:
    specs = (claim("a", INT),)
    assert decode_claims(specs, {"a": 1, "b": NON_INTEGER, "c": {"d": [None]}}) == (1,)


def test_a_decoder_is_made_once() -> None:
    specs = (claim("a", INT),)
    assert claims_decoder(specs) is claims_decoder((claim("a", INT),))


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ({}, "field_missing"),
        ({"roles": None}, "field_null"),
        ({"roles": 1}, "field_invalid"),
        ({"roles": [1.5]}, "field_invalid"),
    ],
)
def test_fields_have_an_error_of_their_own(stored: dict[str, Any], reason: str) -> None:
    with pytest.raises(MetadataRefused) as caught:
        decode_fields((claim("roles", SET),), stored)
    assert (caught.value.reason, caught.value.field) == (reason, "roles")


def test_fields_decode_like_claims() -> None:
    specs = (claim("blocked", ("bool",), default=(False,)), claim("roles", SET, default=((),)))
    assert decode_fields(specs, {}) == (False, frozenset())
    assert decode_fields(specs, {"roles": ["a"], "blocked": True}) == (True, frozenset("a"))


def test_a_refusal_names_the_declaration_and_no_value() -> None:
    with pytest.raises(TokenRefused) as caught:
        decode_claims((claim("tenant", ("slug",)),), {"tenant": "SECRET VALUE"})
    assert str(caught.value) == "claim_invalid: tenant"
