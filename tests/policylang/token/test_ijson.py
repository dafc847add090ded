import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.reference import payload as oracle
from policylang.token.errors import JsonRefused
from policylang.token.ijson import MAX_DEPTH, NON_INTEGER, NonInteger, read_ijson

LIMIT = 1_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"{}", {}),
        (b" [1, -1, 0]\n", [1, -1, 0]),
        (b"[9223372036854775807, -9223372036854775808]", [2**63 - 1, -(2**63)]),
        (b"[9223372036854775808, -9223372036854775809]", [NON_INTEGER, NON_INTEGER]),
        (b"[-0, 0.0, 1e2, 1E400, 3.0, -0.0]", [NON_INTEGER] * 6),
        (b"[" + b"9" * 5000 + b"]", [NON_INTEGER]),
        (b'["true", true, null]', ["true", True, None]),
        (b'{"a": {"x": 1}, "b": {"x": 1}}', {"a": {"x": 1}, "b": {"x": 1}}),
        (rb'["\ud83d\ude00"]', ["\U0001f600"]),
        ('["\U0001f600\ufeff"]'.encode(), ["\U0001f600\ufeff"]),
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, None),
        (b'["' + b"[" * 1000 + b'"]', ["[" * 1000]),
        (b'["' + b"," * 20_000 + b'"]', ["," * 20_000]),
    ],
)
def test_reads(text: bytes, expected: object) -> None:
    value = read_ijson(text, LIMIT)
    assert expected is None or value == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "not_json"),
        (b"{} {}", "not_json"),
        (b"{'a': 1}", "not_json"),
        (b"[01]", "not_json"),
        (b"[1,]", "not_json"),
        (b'["\x01"]', "not_json"),
        (rb'["\u12"]', "not_json"),
        (b'["', "not_json"),
        (b"\xef\xbb\xbf{}", "bom"),
        (b'["\xff"]', "not_utf8"),
        (b'["\xc0\xaf"]', "not_utf8"),
        (b'["\xed\xa0\x80"]', "not_utf8"),
        ("{}".encode("utf-16"), "not_utf8"),
        (b"[NaN]", "not_a_number"),
        (b"[Infinity]", "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b'{"a": 1, "a": 1}', "duplicate_member"),
        (b'{"a": 1, "\\u0061": 2}', "duplicate_member"),
        (b'{"x": [{"y": {"a": 1, "a": 2}}]}', "duplicate_member"),
        (rb'["\ud83d"]', "surrogate"),
        (rb'["\ude00\ud83d"]', "surrogate"),
        (rb'{"\udc00": 1}', "surrogate"),
        (rb'["\ufdd0"]', "noncharacter"),
        (rb'{"\uffff": 1}', "noncharacter"),
        ('["\U0001fffe"]'.encode(), "noncharacter"),
        ('["\ufdef"]'.encode(), "noncharacter"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'["\\"",' + b"[" * 32 + b"]" * 32 + b"]", "too_deep"),
        (b"[" + b"0," * 10_000 + b"0]", "too_many_items"),
        (b"[" + b"[0]," * 5_000 + b"[0]]", "too_many_items"),
        (b"[" + b" " * LIMIT + b"]", "too_large"),
    ],
)
def test_refuses(text: bytes, reason: str) -> None:
    with pytest.raises(JsonRefused) as caught:
        read_ijson(text, LIMIT)
    assert caught.value.reason == reason


def test_the_byte_limit_is_inclusive() -> None:
    assert read_ijson(b"[1]", 3) == [1]
    with pytest.raises(JsonRefused, match="too_large"):
        read_ijson(b"[1]", 2)


def test_a_refusal_quotes_nothing() -> None:
    with pytest.raises(JsonRefused) as caught:
        read_ijson(b'{"secret-name": "secret-value", "secret-name": 1}', LIMIT)
    assert "secret" not in repr(caught.value)


def test_the_marker_is_equal_to_itself_alone() -> None:
    assert read_ijson(b"[1.5]", LIMIT) == [NON_INTEGER]
    assert read_ijson(b"[1.5]", LIMIT) != [1]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(st.one_of(st.binary(max_size=60), _VALUES.map(lambda value: json.dumps(value).encode())))
def test_accepts_what_the_oracle_accepts(data: bytes) -> None:
    try:
        expected = oracle.read(data)
    except oracle.RefusedError:
        expected = None
    try:
        value = read_ijson(data, LIMIT)
    except JsonRefused:
        value = None
    assert (isinstance(value, dict)) == (expected is not None)
    if expected is not None:
        assert _plain(value) == _plain(expected)


def _plain(value: object) -> object:
    if isinstance(value, (NonInteger, oracle.Wrong)):
        return "no integer"
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else (type(value), value)
