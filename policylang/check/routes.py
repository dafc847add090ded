"""Routes: which requests, whom to believe, where to send them. A wrong field is complained of and left out."""

from collections.abc import Mapping

from policylang.check import errors_issuers, errors_keyrings, errors_names
from policylang.check import errors_routes as errors
from policylang.check.bounds import HOUR, MILLISECOND, MINUTE, SECOND, duration
from policylang.check.captures import captures_of
from policylang.check.constants import Constants, as_written
from policylang.check.environment import Sink
from policylang.check.fields import Fields, distinct, distinct_names
from policylang.check.issuer_marks import disjoint_tokens
from policylang.check.model import Credential, Host, Issuer, Pattern, Route, Segment
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
    name = node.name.text
    fields = Fields(f"route `{name}`", node.name.span, sink)
    if not node.matches:
        fields.exactly_one("match", node.matches, f'match GET on "/{name}/**"')
    trust = fields.exactly_one("trust", node.trust, "trust corp") or ()
    upstream = fields.exactly_one("upstream", node.upstream, 'upstream "http://127.0.0.1:9000"') or ()
    hosts = distinct("host", fields.at_most_one("host", node.hosts) or (), lambda host: host.text, sink)
    tags = fields.at_most_one("tags", node.tags) or ()
    strip = fields.at_most_one("strip prefix", node.strip_prefix)
    add = fields.at_most_one("add prefix", node.add_prefix)
    fields.at_most_one("preserve host", node.preserve_host)
    waits = {kind: _timeout(kind, node, fields) for kind in TIMEOUTS}
    fields.settle()
    paths = [path for match in node.matches for path in match.patterns]
    captures = captures_of(name, paths, hosts, sink)
    trusted = distinct_names("issuer", trust, sink)
    return Route(
        name=name,
        patterns=tuple(_pattern(match, path, captures, sink) for match in node.matches for path in match.patterns),
        hosts=tuple(Host(_segments(host.labels, captures), host.span) for host in hosts),
        captures=captures,
        trust=_trust(name, trusted, constants, issuers, sink),
        anonymous=any(entry.text == ANONYMOUS for entry in trusted),
        upstream=_upstream(upstream, constants, sink),
        tags=frozenset(tag.text for tag in distinct_names("tag", tags, sink)),
        connect_micros=waits["connect"],
        answer_micros=waits["answer"],
        idle_micros=waits["idle"],
        strip_prefix=strip_prefix(strip, paths, sink),
        add_prefix=add_prefix(add, sink),
        preserve_host=bool(node.preserve_host),
        span=node.name.span,
    )


def _timeout(kind: str, node: nodes.Route, fields: Fields) -> int:
    default, least, most = TIMEOUTS[kind]
    given = fields.at_most_one(f"timeout {kind}", [timeout for timeout in node.timeouts if timeout.kind == kind])
    return default if given is None else duration(f"the {kind} timeout", given.duration, least, most, fields.sink)


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
        elif entry.text in constants.symbols.keyrings:
            declared = constants.symbols.keyrings[entry.text].name.span
            sink.add(errors_keyrings.keyring_without_identity(route, entry.text, entry.span, declared))
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
    _places(route, known, issuers, sink)
    return tuple(sorted(known))


def _places(route: str, known: Mapping[str, nodes.Name], issuers: Mapping[str, Issuer], sink: Sink) -> None:
    """Of the keyrings of a route each has a place of its own, so that a key is looked up in one of them."""
    taken: dict[Credential, Issuer] = {}
    for keyring in (issuers[name] for name in sorted(known) if issuers[name].opaque):
        rival = taken.setdefault(keyring.credential, keyring)
        if rival is not keyring:
            places = (rival.span, keyring.span)
            span = known[keyring.name].span
            sink.add(errors_keyrings.keyrings_together(route, rival.name, keyring.name, span=span, declared=places))


def _upstream(targets: tuple[nodes.Const, ...], constants: Constants, sink: Sink) -> tuple[str, ...]:
    urls: list[str] = []
    written = distinct("upstream", targets, as_written, sink)
    for target in written:
        url = constants.url("`upstream`", target, sink)
        if url is None:
            continue
        problem = upstream_problem(url)
        if problem is not None:
            sink.add(errors.upstream_unfit(problem, target.span))
        else:
            urls.append(url)
    return tuple(urls)
