"""Routes: which requests, whom to believe, where to send them. A wrong field is complained of and left out."""

from collections.abc import Mapping

from policylang.check import errors_issuers, errors_names
from policylang.check import errors_routes as errors
from policylang.check.bounds import HOUR, MILLISECOND, MINUTE, SECOND, duration
from policylang.check.captures import captures_of
from policylang.check.constants import Constants, as_written
from policylang.check.environment import Sink
from policylang.check.fields import at_most_one, distinct, distinct_names, exactly_one
from policylang.check.issuer_marks import disjoint_tokens
from policylang.check.model import Host, Issuer, Pattern, Route, Segment
from policylang.check.prefixes import add_prefix, strip_prefix
from policylang.check.urls import upstream_problem
from policylang.syntax import nodes
from policylang.typesys.terms import Scalar

ANONYMOUS = "anonymous"

TIMEOUTS = {
    "connect": (2 * SECOND, MILLISECOND, MINUTE),
    "answer": (30 * SECOND, MILLISECOND, HOUR),
    "idle": (60 * SECOND, MILLISECOND, 24 * HOUR),
}
"""Kind to default, least and most microseconds: to connect, to the head of the answer, between two of its bytes."""


def check_routes(constants: Constants, issuers: Mapping[str, Issuer], sink: Sink) -> dict[str, Route]:
    """Every route by name, sorted. ``trust`` holds only issuers that exist."""
    routes = constants.symbols.routes
    return {name: _route(routes[name], constants, issuers, sink) for name in sorted(routes)}


def unsure_routes(routes: Mapping[str, nodes.Route], issuers: Mapping[str, Issuer]) -> frozenset[str]:
    """Routes that name an issuer that does not exist: what their tokens say is not known, so rules pass over them."""
    return frozenset(
        name
        for name, node in routes.items()
        if any(entry.text not in issuers and entry.text != ANONYMOUS for trust in node.trust for entry in trust)
    )


def _route(node: nodes.Route, constants: Constants, issuers: Mapping[str, Issuer], sink: Sink) -> Route:
    name, at = node.name.text, node.name.span
    owner = f"route `{name}`"
    if not node.matches:
        sink.add(errors_names.field_missing(owner, "match", at, f'match GET on "/{name}/**"'))
    trust = exactly_one(owner, "trust", node.trust, sink, at=at, example="trust corp")
    upstream = exactly_one(owner, "upstream", node.upstream, sink, at=at, example='upstream "http://127.0.0.1:9000"')
    hosts = at_most_one(owner, "host", node.hosts, sink) or ()
    tags = at_most_one(owner, "tags", node.tags, sink) or ()
    at_most_one(owner, "preserve host", node.preserve_host, sink)
    paths = [path for match in node.matches for path in match.patterns]
    captures = captures_of(name, paths, hosts, sink)
    trusted = distinct_names("issuer", trust or (), sink)
    waits = {kind: _timeout(owner, kind, node, sink) for kind in TIMEOUTS}
    return Route(
        name=name,
        patterns=tuple(_pattern(match, path, captures, sink) for match in node.matches for path in match.patterns),
        hosts=tuple(Host(_segments(host.labels, captures), host.span) for host in distinct_hosts(hosts, sink)),
        captures=captures,
        trust=_trust(name, trusted, constants, issuers, sink),
        anonymous=any(entry.text == ANONYMOUS for entry in trusted),
        upstream=_upstream(upstream or (), constants, sink),
        tags=frozenset(tag.text for tag in distinct_names("tag", tags, sink)),
        connect_micros=waits["connect"],
        answer_micros=waits["answer"],
        idle_micros=waits["idle"],
        strip_prefix=strip_prefix(at_most_one(owner, "strip prefix", node.strip_prefix, sink), paths, sink),
        add_prefix=add_prefix(at_most_one(owner, "add prefix", node.add_prefix, sink), sink),
        preserve_host=bool(node.preserve_host),
        span=at,
    )


def distinct_hosts(hosts: tuple[nodes.HostPattern, ...], sink: Sink) -> tuple[nodes.HostPattern, ...]:
    """The hosts of a route, each once as written."""
    return distinct("host", hosts, lambda host: host.text, sink)


def _timeout(owner: str, kind: str, node: nodes.Route, sink: Sink) -> int:
    default, least, most = TIMEOUTS[kind]
    given = at_most_one(owner, f"timeout {kind}", [t for t in node.timeouts if t.kind == kind], sink)
    return default if given is None else duration(f"a {kind} timeout", given.duration, least, most, sink)


def _pattern(match: nodes.Match, path: nodes.PathPattern, captures: Mapping[str, Scalar], sink: Sink) -> Pattern:
    methods = distinct_names("method", match.methods, sink)
    for method in methods:
        if method.text == "CONNECT":
            sink.add(errors.connect_route(method.span))
    return Pattern(tuple(sorted(method.text for method in methods)), _segments(path.segments, captures), path.span)


def _segments(segments: tuple[nodes.Segment, ...], captures: Mapping[str, Scalar]) -> tuple[Segment, ...]:
    return tuple(
        Segment(segment.kind, segment.text, captures.get(segment.text) if segment.kind == "capture" else None)
        for segment in segments
    )


def _trust(
    route: str, trusted: tuple[nodes.Name, ...], constants: Constants, issuers: Mapping[str, Issuer], sink: Sink
) -> tuple[str, ...]:
    known: dict[str, nodes.Name] = {}
    for entry in trusted:
        if entry.text in issuers:
            known[entry.text] = entry
        elif entry.text != ANONYMOUS:
            near = constants.symbols.guess(entry.text, [*issuers, ANONYMOUS])
            sink.add(errors_names.unknown_name("issuer", entry.text, entry.span, near))
    by_iss: dict[str, list[Issuer]] = {}
    for name in sorted(known):
        issuer = issuers[name]
        rivals = by_iss.setdefault(issuer.iss, []) if issuer.iss else []
        for rival in rivals:
            if not disjoint_tokens(rival, issuer):
                places = (rival.span, issuer.span)
                span = known[name].span
                sink.add(errors_issuers.issuers_overlap(route, rival.name, name, span=span, declared=places))
        rivals.append(issuer)
    return tuple(sorted(known))


def _upstream(targets: tuple[nodes.Const, ...], constants: Constants, sink: Sink) -> tuple[str, ...]:
    urls: list[str] = []
    written = distinct("upstream", targets, as_written, sink)
    for target in written:
        url = constants.url("`upstream`", target, sink)
        if url is None:
            continue
        problem = upstream_problem(url)
        if problem is not None:
            fix = "and put the path before it with  add prefix" if problem.startswith("it has a path") else None
            sink.add(errors.upstream_unfit(problem, target.span, fix))
        else:
            urls.append(url)
    return tuple(urls)
