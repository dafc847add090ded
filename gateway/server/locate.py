"""The first step: the target is normalised once, a route takes it, and what its rules read of the request is read.

Everything that is refused here is refused before any credential is looked at.
"""

from gateway.message.inbound import Inbound
from gateway.message.record import Record
from gateway.message.refusal import Refusal
from gateway.policy.loaded import Loaded, Place
from gateway.server.call import Call
from policylang.embed import (
    Miss,
    Network,
    RequestFacts,
    RequestRefused,
    change_prefix,
    client_ip,
    connection_listed,
    read_headers,
    read_host,
    read_target,
)

NOTHING_LISTED: frozenset[bytes] = frozenset()
KEPT_PLACES = 4_096
KEPT_BYTES = 256


def locate(loaded: Loaded, request: Inbound, record: Record, proxies: tuple[Network, ...]) -> Call | Refusal:
    """The call, or 400 for a malformed request, 404 without a route, 405 for a method that the path does not take."""
    hosts: list[bytes] = []
    options: list[bytes] = []
    for name, value in request.headers:
        # Lengths first: most names are told apart without making their lower case.
        if len(name) == 4 and name.lower() == b"host":
            hosts.append(value)
        elif len(name) == 10 and name.lower() == b"connection":
            options.append(value)
    try:
        listed = connection_listed(options) if options else NOTHING_LISTED
        place = _place(loaded, request, hosts)
        if isinstance(place, Refusal):
            return place
        index, captures = place.found
        record.route = index
        values, unreadable = read_headers(request.headers, *place.reads)
        client = _client(request, proxies) if proxies else request.peer_ip
    except RequestRefused as refused:
        return Refusal("malformed", refused.reason)
    now = record.started
    facts = RequestFacts(captures, values, client, request.peer_ip, unreadable, now)
    return Call(request, record, loaded, now, place, hosts[0], listed, place.route, index, facts)


def _place(loaded: Loaded, request: Inbound, hosts: list[bytes]) -> Place | Refusal:
    """Target and match; remembered by the bytes that they follow from, so that a path asked for again costs a look-up."""
    key = (request.method, request.target, hosts[0] if len(hosts) == 1 else b"")
    known = loaded.places.get(key)
    if known is not None:
        return known
    compiled = loaded.compiled
    target = read_target(request.target)
    found = compiled.match(read_host(hosts), target.segments, request.method)
    if isinstance(found, Miss):
        if not found.methods:
            return Refusal("no_route")
        return Refusal("method_not_allowed", headers=[("Allow", ", ".join(found.methods))])
    change = loaded.prefixes[found.route]
    path = target.path if change is None else change_prefix(target, change)
    query = b"" if target.query is None else b"?" + target.query
    reads = compiled.headers_read(found.route, request.method)
    line = b"%s %s%s" % (request.method.encode(), path, query)
    place = Place(target, found, compiled.plan.routes[found.route], reads, line)
    if len(request.target) + len(key[2]) <= KEPT_BYTES:
        if len(loaded.places) >= KEPT_PLACES:
            loaded.places.clear()
        loaded.places[key] = place
    return place


def _client(request: Inbound, proxies: tuple[Network, ...]) -> str:
    lines = [value for name, value in request.headers if name.lower() == b"x-forwarded-for"]
    return client_ip(request.peer_ip, lines, proxies)
