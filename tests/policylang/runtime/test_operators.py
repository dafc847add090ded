from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.reference.evaluate import glob as plain_glob
from policylang.runtime.operators import ANSWERS_KEPT, Glob, Networks, literal, strict, within

ITEMS = ("10.0.0.0", "10.255.255.255", "11.0.0.0", "0.0.0.0", "255.255.255.255", "::", "fd00::1", "::a00:1", "ffff::")
NETS = ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "192.0.2.7/32", "::/0", "fd00::/8", "fd00::1/128", "::a00:0/104")


@pytest.mark.parametrize("net", NETS)
def test_networks_against_the_definition(net: str) -> None:
    outer = ip_network(net)
    for item in ITEMS:
        assert Networks([net])[item] is (ip_address(item) in outer), item
    for inner in NETS:
        same = ip_network(inner).version == outer.version
        expected = same and ip_network(inner).subnet_of(outer)  # type: ignore[arg-type]
        assert Networks([net])[inner] is expected, inner


def test_any_of_several_networks_and_none() -> None:
    several = Networks(["192.0.2.0/24", "10.0.0.0/8", "fd00::/8"])
    assert several["10.9.9.9"]
    assert several["fd12::"]
    assert not several["192.0.3.1"]
    assert not Networks([])["10.0.0.1"]


def test_answers_that_are_kept_are_bounded() -> None:
    networks = Networks(["10.0.0.0/8"])
    for number in range(ANSWERS_KEPT + 10):
        assert networks[f"10.0.{number >> 8}.{number & 255}"]
    assert len(networks) <= ANSWERS_KEPT


def test_networks_that_a_claim_holds() -> None:
    assert within("10.0.0.1", frozenset({"10.0.0.0/8", "fd00::/8"}))
    assert not within("10.0.0.1", frozenset())


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("", "", True), ("", "a", False), ("*", "", True), ("*", "a\nb", True), ("?", "", False), ("?", "\n", True),
        ("a*b", "ab", True), ("a*b", "aXb", True), ("a*b", "abX", False), ("a*a", "a", False), ("**", "x", True),
        ("*a*b*", "xaybz", True), ("*a*b*", "xbya", False), ("a.c", "abc", False), ("[a]", "a", False),
        ("*.js?", "/x.js/y.jsx", True), ("a?*?c", "abc", False), ("a?*?c", "abbc", True), ("A", "a", False),
        ("é?", "é\U0001f600", True),
    ],
)  # fmt: skip
def test_globs(pattern: str, text: str, expected: bool) -> None:
    assert Glob(pattern).matches(text) is expected


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=12))
def test_globs_match_what_their_definition_matches(pattern: str, text: str) -> None:
    assert Glob(pattern).matches(text) is plain_glob(pattern, text)


def test_no_text_makes_a_glob_try_again() -> None:
    # With backtracking, this would outlive the test run.
    assert not Glob("*a" * 100 + "*b").matches("a" * 4096)
    assert not Glob("*a?" * 50 + "b").matches("a" * 4096)


def test_literals() -> None:
    assert literal(("lit", "set", ("a", "b"))) == literal(("lit", "nets", ["a", "b"])) == frozenset({"a", "b"})
    assert literal(("lit", "bool", False)) is False
    assert literal(("lit", "int", 1)) == 1


@pytest.mark.parametrize(
    ("how", "less", "same", "more"),
    [("eq", False, True, False), ("ne", True, False, True), ("lt", True, False, False), ("le", True, True, False),
     ("gt", False, False, True), ("ge", False, True, True)],
)  # fmt: skip
def test_comparisons(how: str, less: bool, same: bool, more: bool) -> None:
    node = ("cmp", how, ("claim", "a"), ("claim", "b"))
    for a, b in ((1, 2), ("a", "b"), (-(2**63), 2**63 - 1), ("Z", "a"), ("a", "\U0001f600")):
        assert strict(node, (a, b)) is less
        assert strict(node, (a, a)) is same
        assert strict(node, (b, a)) is more


def test_strict_operators() -> None:
    a, b = frozenset({"a"}), frozenset({"a", "b"})
    x, y = ("claim", "x"), ("claim", "y")
    assert strict(("in", x, y), ("a", a))
    assert not strict(("in", x, y), ("admin", frozenset({"superadmin"})))
    assert strict(("innet", x, y), ("10.0.0.0/16", frozenset({"10.0.0.0/8"})))
    assert strict(("meets", "all", x, y), (a, b))
    assert not strict(("meets", "all", x, y), (b, a))
    assert strict(("meets", "any", x, y), (b, a))
    assert not strict(("meets", "any", x, y), (a, frozenset()))
    assert strict(("starts", x, "ab"), ("abc",))
    assert strict(("ends", x, "bc"), ("abc",))
    assert strict(("glob", x, "a*c"), ("abc",))
    assert (strict(("add", x, y), (2, 3)), strict(("sub", x, y), (2, 3))) == (5, -1)
    with pytest.raises(ValueError, match="not a strict operator"):
        strict(("and", x, y), (True, True))
