"""R1 to R9, as far as a target and a host are read: a path has one meaning or none."""

import itertools

import pytest

from policylang.embed import HostRefused, TargetRefused, printable_text, read_host, read_target
from policylang.reference import target as oracle

DOTS = [b"..", b"%2e%2e", b"%2E%2E", b".%2e", b"%2e.", b"%2E%2e"]
SLASHES = [b"/", b"%2f", b"%2F", b"%5c", b"%5C", b"\\", b"//", b"/;/", b"/%2e/", b"/./"]


@pytest.mark.parametrize(("dots", "slash"), [*itertools.product(DOTS, SLASHES)])
def test_r1_no_spelling_of_a_climb_is_accepted(dots: bytes, slash: bytes) -> None:
    for raw in (b"/public/" + dots + slash + b"admin", b"/public" + slash + dots + b"/admin", b"/public/" + dots):
        with pytest.raises(TargetRefused):
            read_target(raw)


@pytest.mark.parametrize(
    "raw",
    [b"/public/%252e%252e/admin", b"/%25%32%65%25%32%65/admin", b"/public/%c0%ae%c0%ae/admin", b"/%u002e%u002e/x"],
)
def test_r1_nor_a_spelling_of_a_spelling(raw: bytes) -> None:
    with pytest.raises(TargetRefused):
        read_target(raw)


def test_r2_triplets_compare_without_case() -> None:
    assert read_target(b"/caf%c3%a9").segments == read_target(b"/caf%C3%A9").segments
    assert read_target(b"/%61dmin").segments == read_target(b"/admin").segments == ("admin",)


@pytest.mark.parametrize("raw", [b"/a%2fb", b"/a%2Fb", b"/a%5cb", b"/a%5Cb"])
def test_r2_encoded_slashes_are_refused(raw: bytes) -> None:
    with pytest.raises(TargetRefused, match="encoded_delimiter"):
        read_target(raw)


@pytest.mark.parametrize("raw", [b"/admin%3Fpublic", b"/admin%3f", b"/public/%3F/../x", b"/a%3fb?c"])
def test_r2_nor_an_encoded_question_mark_that_ends_the_path_where_it_is_decoded_first(raw: bytes) -> None:
    with pytest.raises(TargetRefused, match="encoded_delimiter"):
        read_target(raw)
    assert oracle.segments(raw.decode()) is None


@pytest.mark.parametrize(
    "value", [b"API.example.com", b"api.example.com:443", b"api.example.com.", b"Api.Example.Com.:8443"]
)
def test_r3_hosts_compare_without_case_port_and_final_dot(value: bytes) -> None:
    assert read_host([value]) == ("api", "example", "com")


@pytest.mark.parametrize(
    "value",
    [
        b"api.example.com..",
        b"api.example.com@evil",
        b"api.example.com#x",
        b"api.example.com/x",
        b"api.example.com,evil",
    ],
)
def test_r3_what_resembles_a_host_is_none(value: bytes) -> None:
    with pytest.raises(HostRefused):
        read_host([value])


@pytest.mark.parametrize(
    "raw", [b"//evil.example/admin", b"/a//b", b"///", b"/a/;x=1/b", b"/a;v=1", b"/a%3bv=1", b"http://evil/a"]
)
def test_r5_a_target_is_a_path_and_its_segments_are_not_empty(raw: bytes) -> None:
    with pytest.raises(TargetRefused):
        read_target(raw)


@pytest.mark.parametrize("raw", [b"/public#/../admin", b"/public%23/admin", b"/a?b#c", b"/#", b"/%23"])
def test_r6_a_fragment_is_refused(raw: bytes) -> None:
    with pytest.raises(TargetRefused):
        read_target(raw)


@pytest.mark.parametrize("query", [b"/admin", b"../admin", b"%2f..%2fadmin", b"a=/x;b=%23", b"?", b""])
def test_r7_the_query_is_not_part_of_the_path(query: bytes) -> None:
    target = read_target(b"/public?" + query)
    assert (target.path, target.query, target.segments) == (b"/public", query, ("public",))


def test_r8_a_segment_is_compared_as_a_whole() -> None:
    assert read_target(b"/v1.0/x").segments != read_target(b"/v1a0/x").segments
    assert read_target(b"/%2a/x").segments == ("*", "x")


@pytest.mark.parametrize("raw", [b"/caf\xc3\xa9", b"/%ff", b"/%c3%28", b"/%ed%a0%80"])
def test_r9_bytes_that_do_not_decode_never_reach_a_condition(raw: bytes) -> None:
    with pytest.raises(TargetRefused):
        read_target(raw)
    assert printable_text(b"caf\xc3\xa9") is None


@pytest.mark.parametrize("raw", [b"example.com:443", b"*", b"http://example.com/", b"https:/x", b""])
def test_r37_other_forms_of_target_are_refused(raw: bytes) -> None:
    with pytest.raises(TargetRefused, match="not_origin_form"):
        read_target(raw)
