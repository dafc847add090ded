"""From host, path and method to the route that answers, in time that does not grow with the number of routes.

Law of this file: candidates are compared segment by segment, literal before capture before ``*`` before ``**``; between
equal paths a host pattern comes before none, and host patterns are compared label by label in the same way. The first
candidate that fits decides together with its equals: if none of them has the method, no other candidate is asked.

Two tries hold the patterns: one of path segments, and at each of its ends one of host labels. A search goes down in the
order of the candidates, into nodes that the request's texts lead to, and into none of them twice.
"""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from policylang.plan.captures import capture_reader
from policylang.plan.model import Route, Segment
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import Pace, Steps, run

Texts = tuple[str, ...]


class Match(NamedTuple):
    """The route's index, and its captures' values aligned with ``Route.captures``."""

    route: int
    captures: tuple[str | int, ...]


class Miss(NamedTuple):
    """No route: none has the path (``methods`` empty), or those that have it take only ``methods``, sorted."""

    methods: Texts


NOT_FOUND = Miss(())


class RouteIndex:
    """The look-up. ``match`` keeps nothing of a request.

    Raises:
        PlanRefused: two routes take the same method on the same path and host.
    """

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._root: _Node[_End] = _Node(_End)
        run(self._fill(routes))

    @classmethod
    def build_steps(cls, routes: tuple[Route, ...]) -> "Steps[RouteIndex]":
        """The same as the constructor, giving way every few hundred patterns."""
        index = cls(())
        yield from index._fill(routes)
        return index

    def match(self, labels: Texts, segments: Texts, method: str) -> Match | Miss:
        """Find the route.

        ``labels`` are the host's, in lower case, left to right; ``segments`` the path's, percent-decoded: ``/a/`` is
        ``("a", "")`` and ``/`` is ``("",)``.
        """
        return _search(self._root, 0, segments, (segments, labels, method), _by_host) or NOT_FOUND

    def _fill(self, routes: tuple[Route, ...]) -> Steps[None]:
        pace = Pace()
        for number, route in enumerate(routes):
            for pattern in route.patterns:
                for labels in route.hosts or (None,):
                    if pace.due():
                        yield
                    end = self._root.end(pattern.segments)
                    branches = end.anywhere if labels is None else end.under(labels)
                    captured = _captured(pattern.segments, labels or ())
                    branches.take(captured, route.captures, number, pattern.methods)


_Request = tuple[Texts, Texts, str]
"""Segments, labels and method: no class, for one is made for each request."""

E = TypeVar("E")
Decide = Callable[[E, _Request], Match | Miss | None]


class _Node(Generic[E]):
    """What may follow a prefix: literals, a capture, ``*``; what ends here; what takes all the rest (``**``)."""

    __slots__ = ("_make", "capture", "here", "literals", "one", "plain", "rest")

    def __init__(self, make: Callable[[], E]) -> None:
        self._make = make
        self.plain = True  # nothing but literals
        self.literals: dict[str, _Node[E]] = {}
        self.capture: _Node[E] | None = None
        self.one: _Node[E] | None = None
        self.here: E | None = None
        self.rest: E | None = None

    def end(self, segments: tuple[Segment, ...]) -> E:
        """The end of a pattern, made where it is not there yet."""
        node = self
        for segment in segments:
            if segment.kind == "rest":
                node.plain = False
                if node.rest is None:
                    node.rest = self._make()
                return node.rest
            node = node.child(segment)
        if node.here is None:
            node.here = self._make()
        return node.here

    def child(self, segment: Segment) -> "_Node[E]":
        """The node behind one segment, made where it is not there yet."""
        if segment.kind == "literal":
            return self.literals.setdefault(segment.text, _Node(self._make))
        self.plain = False
        if segment.kind == "capture":
            self.capture = self.capture or _Node(self._make)
            return self.capture
        self.one = self.one or _Node(self._make)
        return self.one


def _search(node: _Node[E], at: int, texts: Texts, request: _Request, decide: Decide[E]) -> Match | Miss | None:
    """What the first end decides that has something to say, from ``node`` on with the texts from ``at`` on."""
    count = len(texts)
    while node.plain and at < count:
        only = node.literals.get(texts[at])
        if only is None:
            return None
        node, at = only, at + 1
    if at == count:
        if node.here is not None and (found := decide(node.here, request)) is not None:
            return found
    else:
        text = texts[at]
        child = node.literals.get(text)
        if child is not None and (found := _search(child, at + 1, texts, request, decide)) is not None:
            return found
        child = node.capture
        if child is not None and (found := _search(child, at + 1, texts, request, decide)) is not None:
            return found
        child = node.one
        if child is not None and text and (found := _search(child, at + 1, texts, request, decide)) is not None:
            return found
    return None if node.rest is None else decide(node.rest, request)


class _End:
    """The end of a path pattern: the host patterns that it has, and what it has without one."""

    __slots__ = ("anywhere", "hosts")

    def __init__(self) -> None:
        self.hosts: _Node[_Branches] | None = None
        self.anywhere = _Branches()

    def under(self, labels: tuple[Segment, ...]) -> "_Branches":
        """The branches under a host pattern."""
        self.hosts = self.hosts or _Node(_Branches)
        return self.hosts.end(labels)


def _by_host(end: _End, request: _Request) -> Match | Miss | None:
    if end.hosts is not None:
        found = _search(end.hosts, 0, request[1], request, _by_method)
        if found is not None:
            return found
    return _by_method(end.anywhere, request)


class _Branches:
    """Patterns of one path and one host, literal for literal: they may differ in captures' types and in methods."""

    __slots__ = ("_by_types", "each")

    def __init__(self) -> None:
        self._by_types: dict[tuple[object, ...], _Branch] = {}
        self.each: tuple[_Branch, ...] = ()

    def take(self, captured: "_Captured", names: Texts, route: int, methods: Texts) -> None:
        """Note that ``route``, whose captures are ``names``, takes these methods."""
        types = tuple(segment.type for _, segment in captured)
        branch = self._by_types.get(types)
        if branch is None:
            branch = self._by_types[types] = _Branch(captured)
            self.each = (*self.each, branch)
        given = [segment.text for _, segment in captured]
        order = tuple(given.index(name) for name in names)
        for method in methods:
            known = branch.methods.setdefault(method, (route, order))
            if known[0] != route:
                raise PlanRefused(f"/routes/{route}", f"the same as /routes/{known[0]} for {method}")
        branch.miss = Miss(tuple(sorted(branch.methods)))


def _by_method(branches: _Branches, request: _Request) -> Match | Miss | None:
    miss: Miss | None = None
    for branch in branches.each:
        values = branch.read(request)
        if values is None:
            continue
        taken = branch.methods.get(request[2])
        if taken is not None:
            route, order = taken
            return Match(route, tuple([values[i] for i in order]))
        miss = branch.miss if miss is None else Miss(tuple(sorted({*miss.methods, *branch.miss.methods})))
    return miss


_Captured = tuple[tuple[int, Segment], ...]
"""The captures of a pattern, each with its place: an index into the segments, or ``~index`` into the labels."""


def _captured(segments: tuple[Segment, ...], labels: tuple[Segment, ...]) -> _Captured:
    path = [(i, segment) for i, segment in enumerate(segments) if segment.kind == "capture"]
    host = [(~i, label) for i, label in enumerate(labels) if label.kind == "capture"]
    return (*path, *host)


class _Branch:
    """One way to read the captures, and for each method the route with the order in which it wants their values."""

    __slots__ = ("_captures", "methods", "miss")

    def __init__(self, captured: _Captured) -> None:
        self._captures = tuple(
            (at, capture_reader(segment.type)) for at, segment in captured if segment.type is not None
        )
        self.methods: dict[str, tuple[int, tuple[int, ...]]] = {}
        self.miss = NOT_FOUND

    def read(self, request: _Request) -> list[str | int] | None:
        """The captures' values, or None where one does not fit its type."""
        segments, labels, _ = request
        values: list[str | int] = []
        for at, capture in self._captures:
            value = capture(segments[at] if at >= 0 else labels[~at])
            if value is None:
                return None
            values.append(value)
        return values
