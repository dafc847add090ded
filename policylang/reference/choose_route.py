"""Which route takes a request: every pattern is tried, the fitting ones are sorted, and the best place decides."""

import re
from dataclasses import dataclass

from policylang.check.model import CheckedModule, Route, Segment
from policylang.reference.decode import LATEST, textual
from policylang.reference.payload import RefusedError
from policylang.typesys import terms

RANK = {"literal": 0, "capture": 1, "one": 2, "rest": 3}
NO_HOST = (9,)
INTEGER = re.compile(r"0|-?[1-9][0-9]*")

Captures = dict[str, str | int | bool]


@dataclass(frozen=True)
class Chosen:
    route: Route
    captures: Captures


@dataclass(frozen=True)
class NoMethod:
    """The path has a place, but the place does not take the method."""

    allow: tuple[str, ...]


def choose(
    module: CheckedModule, method: str, path: tuple[str, ...], host: tuple[str, ...]
) -> Chosen | NoMethod | None:
    """The route; or what it would allow; None where no pattern fits the path."""
    fitting = []
    for route in module.routes.values():
        for pattern in route.patterns:
            by_path = fit(pattern.segments, path)
            if by_path is None:
                continue
            rank = tuple(RANK[segment.kind] for segment in pattern.segments)
            for wanted in route.hosts:
                by_host = fit(wanted.labels, host)
                if by_host is not None:
                    place = (rank, tuple(RANK[label.kind] for label in wanted.labels))
                    fitting.append((place, pattern.methods, Chosen(route, by_path | by_host)))
            if not route.hosts:
                fitting.append(((rank, NO_HOST), pattern.methods, Chosen(route, by_path)))
    if not fitting:
        return None
    best = min(place for place, _, _ in fitting)
    group = [(methods, chosen) for place, methods, chosen in fitting if place == best]
    for methods, chosen in group:
        if method in methods:
            return chosen
    return NoMethod(tuple(sorted({name for methods, _ in group for name in methods})))


def fit(pattern: tuple[Segment, ...], texts: tuple[str, ...]) -> Captures | None:
    """What a pattern captures from segments or labels; None where it does not fit."""
    if pattern and pattern[-1].kind == "rest":
        pattern, texts = pattern[:-1], texts[: len(pattern) - 1]
    if len(pattern) != len(texts):
        return None
    captures: Captures = {}
    for segment, text in zip(pattern, texts, strict=True):
        if segment.kind == "literal" and segment.text != text:
            return None
        if segment.kind == "one" and text == "":
            return None
        if segment.kind == "capture" and segment.type is not None:
            value = captured(segment.type, text)
            if value is None:
                return None
            captures[segment.text] = value
    return captures


def captured(term: terms.Scalar, text: str) -> str | int | bool | None:
    """A segment as the capture's type; None where it does not fit."""
    match term:
        case terms.Bool():
            return {"true": True, "false": False}.get(text)
        case terms.Int() | terms.Time():
            low, high = (term.low, term.high) if isinstance(term, terms.Int) else (0, LATEST)
            if not INTEGER.fullmatch(text) or len(text) > 20:
                return None
            return int(text) if low <= int(text) <= high else None
        case _:
            try:
                return textual(term, text)
            except RefusedError:
                return None
