"""Why no route takes a request: the path may be there, and under another host."""

from dataclasses import replace

from policylang.plan.index import Match, RouteIndex
from policylang.plan.model import Plan, Segment
from policylang.request.errors import RequestRefused
from policylang.request.target import read_target
from policylang.runtime.ask import Ask

HOSTS_SHOWN = 4


def no_route(plan: Plan, ask: Ask) -> str:
    """A sentence that names the Host that was asked for, and the hosts under which there is such a path."""
    hosts = sorted(_hosts_with_the_path(plan, ask))
    said = f"no route takes this host and path: Host is {ask.host}"
    if not hosts:
        return said
    more = f" and {len(hosts) - HOSTS_SHOWN} more" if len(hosts) > HOSTS_SHOWN else ""
    return f"{said}, and the path is under {', '.join(hosts[:HOSTS_SHOWN])}{more}"


def _hosts_with_the_path(plan: Plan, ask: Ask) -> set[str]:
    try:
        segments = read_target(ask.target.encode("utf-8", "surrogatepass")).segments
    except RequestRefused:
        return set()
    found: set[str] = set()
    for route in plan.routes:
        # Captures of the host are left out with it: what the path captures is read as it always is.
        on_path = {
            segment.text for pattern in route.patterns for segment in pattern.segments if segment.kind == "capture"
        }
        captures = tuple(name for name in route.captures if name in on_path)
        found_here = RouteIndex((replace(route, hosts=(), captures=captures),)).match((), segments, ask.method)
        if isinstance(found_here, Match) or found_here.methods:
            found |= {".".join(map(_label, labels)) for labels in route.hosts}
    return found


def _label(label: Segment) -> str:
    return {"literal": label.text, "capture": f"{{{label.text}}}", "one": "*", "rest": "**"}[label.kind]
