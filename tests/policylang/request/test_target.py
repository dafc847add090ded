import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.reference import target as oracle
from policylang.request.errors import TargetRefused
from policylang.request.target import MAX_TARGET_BYTES, Target, read_target


@pytest.mark.parametrize(
    ("raw", "query", "segments"),
    [
        (b"/", None, ("",)),
        (b"/a", None, ("a",)),
        (b"/a/", None, ("a", "")),
        (b"/a/b?x=1", b"x=1", ("a", "b")),
        (b"/a?", b"", ("a",)),
        (b"/?/../..//;%00%2f%23%2525", b"/../..//;%00%2f%23%2525", ("",)),
        (b"/a?b?c", b"b?c", ("a",)),
        (b"/%41%C3%a9/x", None, ("A\u00e9", "x")),
        (b"/.well-known/x", None, (".well-known", "x")),
        (b"/.../..a/a..", None, ("...", "..a", "a..")),
        (b"/%25", None, ("%",)),
        (b"/100%25/x", None, ("100%", "x")),
        (b"/%20%2A", None, (" *",)),
        (b"/-._~!$&'()*+,=:@", None, ("-._~!$&'()*+,=:@",)),
        (b"/http://x".replace(b"//", b"/"), None, ("http:", "x")),
    ],
)
def test_reads(raw: bytes, query: bytes | None, segments: tuple[str, ...]) -> None:
    assert read_target(raw) == Target(raw.partition(b"?")[0], query, segments)


@pytest.mark.parametrize(
    ("reason", "targets"),
    [
        ("not_origin_form", [b"", b"*", b"a", b"http://h/a", b"h:443", b"?x", b"\x00/", b" /a"]),
        ("empty_segment", [b"//", b"//h/a", b"/a//b", b"/a//", b"/a//%20"]),
        ("dot_segment", [b"/.", b"/..", b"/a/./b", b"/a/../b", b"/a/..", b"/%2e", b"/.%2E", b"/%2e%2E/a", b"/%2E./x"]),
        (
            "encoded_delimiter",
            [
                b"/a%2fb",
                b"/a%2Fb",
                b"/a%5cb",
                b"/%5C",
                b"/a%3bb",
                b"/a%3Bb",
                b"/a%23b",
                b"/a%3fb",
                b"/a%3Fb=c",
                b"/%2e%2e%2fa",
            ],
        ),
        ("control_character", [b"/%00", b"/%0a", b"/%0D%0A", b"/%1f", b"/%7f", b"/%7F", b"/%c2%85", b"/%C2%9F"]),
        ("parameter", [b"/a;b", b"/;", b"/a;x=1/b"]),
        ("fragment", [b"/a#b", b"/#", b"/a?b#c"]),
        ("bad_percent", [b"/%", b"/%4", b"/%4g", b"/a%", b"/%%41", b"/%u0041"]),
        ("double_encoding", [b"/%252e", b"/%25%32e", b"/%252F", b"/%2541"]),
        ("not_utf8", [b"/%ff", b"/%c0%af", b"/%c0%ae%c0%ae", b"/%ed%a0%80", b"/%e2%82"]),
        (
            "bad_byte",
            [b"/\xc3\xa9", b"/a b", b"/a\tb", b"/a\\b", b"/<", b'/"', b"/a\n", b"/{a}", b"/[a]", b"/a|b", b"/^"],
        ),
        ("bad_query", [b"/a?b c", b"/a?\xc3\xa9", b"/a?%", b"/a?%zz", b"/a?b\n", b'/a?"', b"/a?\\", b"/a?\x00"]),
    ],
)
def test_refuses_what_could_be_read_in_two_ways(reason: str, targets: list[bytes]) -> None:
    for raw in targets:
        with pytest.raises(TargetRefused) as caught:
            read_target(raw)
        assert caught.value.reason == reason, raw


def test_the_size_limit_is_inclusive() -> None:
    longest = b"/" + b"a" * (MAX_TARGET_BYTES - 1)
    assert read_target(longest).path == longest
    with pytest.raises(TargetRefused, match="too_long"):
        read_target(longest + b"a")
    with pytest.raises(TargetRefused, match="too_long"):
        read_target(b"/?" + b"a" * MAX_TARGET_BYTES)


def test_a_long_hostile_path_costs_little() -> None:
    for raw in (b"/%41" * 2000 + b"%", b"/a" * 4000 + b"\x00", b"/." * 4000, b"/" * 8000, b"/?" + b"%41" * 2700 + b"%"):
        with pytest.raises(TargetRefused):
            read_target(raw)


_PIECES = st.sampled_from(
    [
        b"/",
        b"a",
        b".",
        b"..",
        b"%2e",
        b"%2F",
        b"%25",
        b"%",
        b"41",
        b"%c3%a9",
        b"%ff",
        b"?",
        b"#",
        b";",
        b"%3b",
        b"\\",
        b"%5c",
        b"%00",
        b" ",
        b"~",
        b"%32",
        b"\xff",
        b"%C2%85",
        b"*",
        b"//",
    ]
)


@given(st.one_of(st.lists(_PIECES, max_size=9).map(lambda parts: b"/" + b"".join(parts)), st.binary(max_size=12)))
def test_reads_what_the_oracle_reads(raw: bytes) -> None:
    try:
        segments: tuple[str, ...] | None = read_target(raw).segments
    except TargetRefused:
        segments = None
    assert segments == oracle.segments(raw.decode("latin-1"))
