from typing import Any

import pytest

from policylang.check.model import Claim
from policylang.reference.decode import decode, decode_all
from policylang.reference.payload import RefusedError, Wrong
from policylang.reference.values import ABSENT
from policylang.typesys.terms import Bool, Cidr, Email, Enum, Int, Scalar, SetOf, Slug, Text, Time
from tests.strategies.checked import claim

REFUSED = "refused"
MISSING: Any = object()


def outcome(declared: Claim, value: Any) -> Any:
    """What decoding gives; REFUSED where it refuses."""
    try:
        return decode(declared, {} if value is MISSING else {declared.source[0]: value})
    except RefusedError:
        return REFUSED


INT = Int(0, 9)
TEXTS = SetOf(Text())


@pytest.mark.parametrize(
    ("declared", "rows"),
    [
        (claim("a", INT), {MISSING: REFUSED, None: REFUSED, 3: 3, "3": REFUSED, 10: REFUSED}),
        (claim("a", INT, optional=True), {MISSING: ABSENT, None: REFUSED, 3: 3, "3": REFUSED}),
        (claim("a", INT, default=7), {MISSING: 7, None: REFUSED, 3: 3, True: REFUSED}),
        (claim("a", INT, always=7), {MISSING: 7, None: 7, 3: 7, "x": 7}),
        (claim("a", INT, null_as_absent=True), {MISSING: REFUSED, None: REFUSED}),
        (claim("a", INT, optional=True, null_as_absent=True), {MISSING: ABSENT, None: ABSENT}),
        (claim("a", INT, default=7, null_as_absent=True), {MISSING: 7, None: 7}),
        (claim("a", TEXTS, split=" "), {"": frozenset(), "a b": frozenset("ab"), "a  b": REFUSED, " ": REFUSED}),
        (claim("a", SetOf(Text(0, 5)), split=","), {"": frozenset(), "a,": frozenset(["a", ""])}),
        (claim("a", TEXTS), {"": REFUSED, "a": REFUSED}),
        (claim("a", TEXTS, default=frozenset("d")), {MISSING: frozenset("d"), "x": REFUSED}),
    ],
)
def test_the_table(declared: Claim, rows: dict[Any, Any]) -> None:
    for value, expected in rows.items():
        assert outcome(declared, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [([], frozenset()), (["a", "a"], frozenset("a")), (["a b"], REFUSED), (["a", 1], REFUSED), (["a", None], REFUSED),
     (["a", ""], REFUSED), ({}, REFUSED), (1, REFUSED)],
)  # fmt: skip
def test_arrays_with_a_separator(value: Any, expected: Any) -> None:
    assert outcome(claim("a", TEXTS, split=" "), value) == expected


@pytest.mark.parametrize(
    ("term", "good", "bad"),
    [
        (Text(), ["x", "\0", "e\u0301", "x" * 4096], ["", "x" * 4097, 1, None, ["x"], "\ud800"]),
        (Text(0, 2), ["", "ab", "\U0001f600\U0001f600"], ["abc"]),
        (Slug(), ["a", "0_-", "a" * 64], ["", "A", "-a", "_a", "a" * 65, "a\n", "\u00e9", "a.b"]),
        (Email(), ["a@b", "a.b+c@d-e.f", "a@" + "b" * 63], [
            "a", "@b", "a@", "a@b@c", ".a@b", "a.@b", "a..b@c", "a@-b", "a@b-", "a@.b", "a@b.", "a b@c", "\u00e9@b",
            "a@" + "b" * 64, "a" * 253 + "@b", '"a"@b', "a@[1.2.3.4]", "a@b\n",
        ]),
        (Enum(("a", "b")), ["a"], ["A", "", "c", 1]),
        (Int(0, 1), [0, 1], [2, -1, True, False, "1", Wrong("1.0"), 1.0]),
        (Int(-(2**63), 2**63 - 1), [2**63 - 1, -(2**63)], [Wrong(str(2**63)), 2**63]),
        (Bool(), [True, False], [0, 1, "true", None]),
        (Time(), [0, 253402300799], [-1, 253402300800, True, 1.0, "2026-01-01T00:00:00Z"]),
        (Cidr(), ["10.0.0.0/8", "fd00::/8", "0.0.0.0/0", "::/0"], [
            "10.0.0.1", "10.0.0.1/8", "10.0.0.0/255.0.0.0", "10.0.0.0/08", "10.0.0.0/33", "fe80::%eth0/64", "", "/8",
            "10.0.0.0/8\n", "10.0.0.0/-1", " 10.0.0.0/8",
        ]),
    ],
)  # fmt: skip
def test_scalars(term: Scalar, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        found = outcome(claim("a", term), value)
        assert found == value
        assert type(found) is type(value)
    for value in bad:
        assert outcome(claim("a", term), value) == REFUSED


def test_networks_are_kept_in_canonical_form() -> None:
    assert outcome(claim("a", Cidr()), "FD00:0::/8") == "fd00::/8"


@pytest.mark.parametrize(
    ("members", "plain", "lenient"),
    [
        ({"x": {"y": 3}}, 3, 3),
        ({}, REFUSED, ABSENT),
        ({"x": {}}, REFUSED, ABSENT),
        ({"x": None}, REFUSED, ABSENT),
        ({"x": {"y": None}}, REFUSED, ABSENT),
        ({"x": 3}, REFUSED, REFUSED),
        ({"x": []}, REFUSED, REFUSED),
        ({"y": 3}, REFUSED, ABSENT),
    ],
)
def test_nested_sources(members: dict[str, Any], plain: Any, lenient: Any) -> None:
    declared = [
        claim("a", INT, source=("x", "y")),
        claim("a", INT, source=("x", "y"), optional=True, null_as_absent=True),
    ]
    for item, expected in zip(declared, (plain, lenient), strict=True):
        if expected is REFUSED:
            with pytest.raises(RefusedError):
                decode(item, members)
        else:
            assert decode(item, members) == expected


def test_one_bad_claim_refuses_all() -> None:
    declared = (claim("a", INT), claim("b", INT, optional=True))
    assert decode_all(declared, {"a": 1, "c": Wrong("1.5")}) == {"a": 1, "b": ABSENT}
    with pytest.raises(RefusedError):
        decode_all(declared, {"a": 1, "b": "1"})
