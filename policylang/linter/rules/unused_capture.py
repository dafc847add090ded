"""L027: a path capture that no rule reads."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.linter.usage import uses
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Captures that nothing reads on their route, and that no scope asks for."""
    del options
    read = {(route, ref.name) for routes, ref in uses(subject.module) if ref.root == "path" for route in routes}
    asked = {name.text for scope in subject.written(nodes.Scope) if scope.kind == "capture" for name in scope.names}
    for route in subject.items(nodes.Route):
        told: set[str] = set()
        for segment in _segments(route):
            name = segment.text
            if segment.kind == "capture" and name not in told | asked and (route.name.text, name) not in read:
                told.add(name)
                yield Finding(
                    segment.span,
                    f"no rule on `{route.name.text}` reads `path.{name}`",
                    help=(
                        f"compare it with the token:  deny other on {route.name.text} when claims.{name} != path.{name}",
                    ),
                    notes=("a capture still bounds what its segment may be; `*` takes any text",),
                )


def _segments(route: nodes.Route) -> Iterator[nodes.Segment]:
    for match in route.matches:
        for pattern in match.patterns:
            yield from pattern.segments
    for hosts in route.hosts:
        for host in hosts:
            yield from host.labels


RULE = LintRule(
    code="L027",
    name="unused-capture",
    severity="note",
    what="A capture such as `{tenant: slug}` that nothing on its route reads.",
    why="A tenant or a user in the path that no rule compares with the token is the classic hole: a caller reads what "
    "belongs to another by changing the path (OWASP API1, broken object level authorization).",
    bad="""route orders { match GET on "/v1/{tenant: slug}/orders/**"   trust corp   upstream "http://127.0.0.1:9000" }
""",
    good="""route orders { match GET on "/v1/{tenant: slug}/orders/**"   trust corp   upstream "http://127.0.0.1:9000" }
deny cross_tenant on orders when claims.tenant != path.tenant
""",
    check=check,
)
