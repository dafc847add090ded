import pytest

from policylang.reference.payload import RefusedError, Wrong, depth, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', {"a": 1}),
        ('{"a": -0}', {"a": Wrong("-0")}),
        ('{"a": [' + "0," * 8_000 + "0]}", None),
        ('{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        ('{"a": {"b": 1}, "c": {"b": 2}}', {"a": {"b": 1}, "c": {"b": 2}}),
        (f'{{"a": {2**63 - 1}}}', {"a": 2**63 - 1}),
        (f'{{"a": {-(2**63)}}}', {"a": -(2**63)}),
        (f'{{"a": {2**63}}}', {"a": Wrong(str(2**63))}),
        ('{"a": 3.0}', {"a": Wrong("3.0")}),
        ('{"a": 1e400}', {"a": Wrong("1e400")}),
        ('{"a": ' + "9" * 5000 + "}", {"a": Wrong("9" * 5000)}),
        (' {"a" : null } ', {"a": None}),
        ("{" + '"a":{' * 31 + "}" * 32, None),
        ('{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}', None),
    ],
)
def test_reads(text: str, expected: object) -> None:
    value = read(text.encode())
    assert expected is None or value == expected


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"[]", b"1", b"null", b'"x"', b"{", b"{}x", b'{"a":1,}', b"{'a':1}", b'{"a":01}', b'{"a":+1}', b'{"a":1.}',
        b'{"a":1,"a":1}', b'{"a":1,"\\u0061":1}', b'{"x":{"y":[{"b":1,"b":2}]}}',
        b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}',
        b'\xef\xbb\xbf{}',
        b'{"a":"\\ud800"}', b'{"\\udc00":1}', b'{"a":["\\ude00\\ud83d"]}', b'{"a":"\n"}', b"/* */{}",
        b"{" + b'"a":{' * 32 + b"}" * 33, b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}", b"[" * 10_000,
        b'{"a":"\\ufffe"}', b'{"a":"\xef\xbf\xbf"}', b'{"\\ufdd0":1}', b'{"a":"' + b"x" * 16_384 + b'"}',
    ],
)  # fmt: skip
def test_refuses(payload: bytes) -> None:
    with pytest.raises(RefusedError):
        read(payload)


@pytest.mark.parametrize(
    ("text", "expected"), [("{}", 1), ('{"a":[]}', 2), ('"[{"', 0), ('"\\"[" [', 1), ('"\\\\" [', 1), ("]][[", 0)]
)
def test_depth(text: str, expected: int) -> None:
    assert depth(text) == expected
