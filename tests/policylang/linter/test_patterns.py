"""Overlaps of path patterns, against a slow definition: some path fits both."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.check.model import Pattern, Route
from policylang.linter.patterns import covers, overlapping, share_hosts, tree, written
from policylang.source.spans import NOWHERE
from tests.strategies.checked import route, segment

SEGMENTS = ("a", "b", "", "{x}", "{n#}", "*")
TEXTS = ("a", "b", "7", "")


def pattern(path: str) -> Pattern:
    return Pattern(("GET",), tuple(segment(text) for text in path[1:].split("/")), NOWHERE)


def fits(one: Pattern, texts: tuple[str, ...]) -> bool:
    kinds = one.segments
    if kinds and kinds[-1].kind == "rest":
        texts, kinds = texts[: len(kinds) - 1], kinds[:-1]
    if len(texts) != len(kinds):
        return False
    for kind, text in zip(kinds, texts, strict=True):
        if kind.kind == "literal" and kind.text != text:
            return False
        if kind.kind != "literal" and not text:
            return False
        if kind.kind == "capture" and kind.text == "n" and not text.isdigit():
            return False
    return True


def meet(one: Pattern, other: Pattern) -> bool:
    return any(
        fits(one, texts) and fits(other, texts) for length in range(5) for texts in product(TEXTS, repeat=length)
    )


paths = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from(("/" + "/".join(parts), "/" + "/".join([*parts[:2], "**"])))
)


@given(paths, paths)
def test_two_patterns_overlap_if_some_path_fits_both(one: str, other: str) -> None:
    routes = {"one": route("one", one)}
    found = [place for place, _ in overlapping(tree(routes), pattern(other))]
    assert bool(found) is meet(pattern(one), pattern(other))


@given(paths, paths)
def test_what_covers_takes_every_path_of_the_other(wide: str, narrow: str) -> None:
    if covers(pattern(wide), pattern(narrow)) and "#" not in wide:
        for length in range(5):
            for texts in product(TEXTS, repeat=length):
                assert not fits(pattern(narrow), texts) or fits(pattern(wide), texts)


@pytest.mark.parametrize(
    ("wide", "narrow", "answer"),
    [
        ("/a/**", "/a", True),
        ("/a/**", "/a/b/**", True),
        ("/a/{x}", "/a/b", True),
        ("/a/*", "/a/{x}", True),
        ("/a/b", "/a/{x}", False),
        ("/a", "/a/**", False),
        ("/a/*", "/a/**", False),
        ("/a/*", "/a/b/c", False),
        ("/a/*", "/a/", False),
    ],
)
def test_covering(wide: str, narrow: str, answer: bool) -> None:
    assert covers(pattern(wide), pattern(narrow)) is answer


def test_all_pairs_of_many_routes_are_found() -> None:
    routes = {name: route(name, path) for name, path in {"r": "/a/**", "s": "/a/b", "t": "/c", "u": "/{x}/b"}.items()}
    found = {place.name for place, _ in overlapping(tree(routes), pattern("/a/b"))}
    assert found == {"r", "s", "u"}


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ((), ("a.example.com",), True),
        (("a.example.com",), ("a.example.com",), True),
        (("a.example.com",), ("b.example.com",), False),
        (("*.example.com",), ("b.example.com",), True),
        (("{shop}.example.com",), ("b.example.com",), True),
        (("*.example.com",), ("example.com",), False),
        (("x.org", "b.example.com"), ("b.example.com",), True),
    ],
)
def test_hosts(one: tuple[str, ...], other: tuple[str, ...], answer: bool) -> None:
    def on(hosts: tuple[str, ...]) -> Route:
        return route("r", "/a", hosts=hosts)

    assert share_hosts(on(one), on(other)) is answer
    assert share_hosts(on(other), on(one)) is answer


def test_as_it_is_written() -> None:
    assert written(pattern("/v1/{x}/*/**")) == "/v1/{x}/*/**"
    assert written(pattern("/")) == "/"
