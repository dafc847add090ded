"""The first step: what a request asks for, and the route that takes it. No credential is looked at."""

from dataclasses import dataclass

from policylang.codegen.compiled import CompiledPlan
from policylang.plan.index import Miss
from policylang.request.errors import RequestRefused
from policylang.request.host import read_host
from policylang.request.read import read_headers
from policylang.request.target import read_target
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.runtime.verdict import RequestFacts
from policylang.simulate.record import decided


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request on its route, by index, and what rules may read of it."""

    route: int
    facts: RequestFacts


def arrive(compiled: CompiledPlan, ask: Ask) -> Arrived | Decision:
    """The route that takes the request; or that it is malformed, without a route, or of another method."""
    try:
        target = read_target(_wire(ask.target))
        labels = read_host([_wire(ask.host)])
    except RequestRefused as refused:
        return decided("malformed", reason=refused.reason)
    found = compiled.match(labels, target.segments, ask.method)
    if isinstance(found, Miss):
        if found.methods:
            return decided("method_not_allowed", reason=", ".join(found.methods))
        return decided("no_route")
    lines = [(_wire(name), _wire(value)) for name, value in ask.headers]
    try:
        headers = read_headers(lines, *compiled.headers_read(found.route, ask.method))
    except RequestRefused as refused:
        return decided("malformed", reason=refused.reason, route=compiled.plan.routes[found.route].name)
    facts = RequestFacts(
        found.captures, headers.values, ask.client_ip, ask.peer_ip, unreadable=headers.unreadable, now=ask.now
    )
    return Arrived(found.route, facts)


def _wire(text: str) -> bytes:
    # What no client could send in one way or another is refused by its readers; it must only get there.
    return text.encode("utf-8", "surrogatepass")
