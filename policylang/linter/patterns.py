"""Path patterns of routes put beside each other: which requests two of them share.

Law of this file: the answer for all pairs of a rule set is found by walking one tree of segments, not pair by pair.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policylang.check.model import Host, Pattern, Route, Segment
from policylang.typesys.fit import Misfit, fit
from policylang.typesys.terms import Int

Place = tuple[Route, Pattern]


@dataclass
class Branch:
    """The patterns that begin alike: below a literal text, or below a wildcard (a capture or ``*``)."""

    literals: dict[str, "Branch"] = field(default_factory=dict)
    wild: "Branch | None" = None
    ends: list[Place] = field(default_factory=list)
    rests: list[Place] = field(default_factory=list)


def tree(routes: Mapping[str, Route]) -> Branch:
    """All patterns of all routes."""
    root = Branch()
    for route in routes.values():
        for pattern in route.patterns:
            _insert(root, (route, pattern))
    return root


def overlapping(root: Branch, pattern: Pattern) -> Iterator[Place]:
    """The patterns that some path fits together with ``pattern``; itself is among them."""
    return (place for place in _candidates(root, pattern) if _texts_fit(place[1], pattern))


def _candidates(root: Branch, pattern: Pattern) -> Iterator[Place]:
    """The same, the types of captures left aside."""
    pending: list[tuple[Branch, int]] = [(root, 0)]
    segments = pattern.segments
    while pending:
        branch, at = pending.pop()
        yield from branch.rests
        if at == len(segments):
            yield from branch.ends
            continue
        segment = segments[at]
        if segment.kind == "rest":
            yield from _all_below(branch)
        elif segment.kind == "literal":
            if segment.text in branch.literals:
                pending.append((branch.literals[segment.text], at + 1))
        else:
            pending.extend((child, at + 1) for text, child in branch.literals.items() if text)
        if segment.kind != "rest" and branch.wild is not None and segment != Segment("literal", ""):
            pending.append((branch.wild, at + 1))


def covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether every path of ``narrow`` fits ``wide`` too, the types of captures left aside."""
    for index, segment in enumerate(wide.segments):
        if segment.kind == "rest":
            return True
        if index >= len(narrow.segments):
            return False
        other = narrow.segments[index]
        if other.kind == "rest" or not _segment_covers(segment, other):
            return False
    return len(wide.segments) == len(narrow.segments)


def _segment_covers(wide: Segment, narrow: Segment) -> bool:
    """Whether one segment takes all that the other takes; no wildcard takes the empty segment behind a last slash."""
    if wide.kind == "literal":
        return narrow.kind == "literal" and narrow.text == wide.text
    return narrow != Segment("literal", "")


def share_hosts(one: Route, other: Route) -> bool:
    """Whether some host reaches both routes."""
    if not one.hosts or not other.hosts:
        return True
    return any(_alike(left, right) for left in one.hosts for right in other.hosts)


def written(pattern: Pattern) -> str:
    """A path pattern as its author writes it, without the types of captures.

    >>> from policylang.source.spans import NOWHERE
    >>> written(Pattern(("GET",), (Segment("literal", "v1"), Segment("rest")), NOWHERE))
    '/v1/**'
    """
    words = {"one": "*", "rest": "**"}
    return "/" + "/".join(
        words.get(s.kind) or (f"{{{s.text}}}" if s.kind == "capture" else s.text) for s in pattern.segments
    )


def _texts_fit(one: Pattern, other: Pattern) -> bool:
    """Whether no literal of one pattern stands where the other captures something that it cannot be."""
    pairs = list(zip(one.segments, other.segments, strict=False))
    return all(_text_fits(a, b) and _text_fits(b, a) for a, b in pairs)


def _text_fits(capture: Segment, literal: Segment) -> bool:
    if capture.type is None or literal.kind != "literal":
        return True
    if isinstance(capture.type, Int):
        digits = literal.text.removeprefix("-")
        return digits.isascii() and digits.isdigit()
    return not isinstance(fit(capture.type, literal.text), Misfit)


def _insert(root: Branch, place: Place) -> None:
    branch = root
    for segment in place[1].segments:
        if segment.kind == "rest":
            branch.rests.append(place)
            return
        if segment.kind == "literal":
            branch = branch.literals.setdefault(segment.text, Branch())
        else:
            branch.wild = branch.wild or Branch()
            branch = branch.wild
    branch.ends.append(place)


def _all_below(branch: Branch) -> Iterator[Place]:
    """Every pattern below a branch; those that end in ``**`` at it are its caller's."""
    pending = [branch]
    while pending:
        current = pending.pop()
        yield from current.ends
        if current is not branch:
            yield from current.rests
        pending.extend(current.literals.values())
        if current.wild is not None:
            pending.append(current.wild)


def _alike(left: Host, right: Host) -> bool:
    pairs = zip(left.labels, right.labels, strict=False)
    same = all("literal" not in {a.kind} & {b.kind} or a.text == b.text for a, b in pairs)
    return same and len(left.labels) == len(right.labels)
