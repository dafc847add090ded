"""L049: a tag that no scope asks for."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Tags of routes that no ``routes tagged`` names."""
    del options
    asked = {name.text for scope in subject.written(nodes.Scope) if scope.kind == "tagged" for name in scope.names}
    for route in subject.items(nodes.Route):
        for tag in (tag for tags in route.tags for tag in tags):
            if tag.text not in asked:
                yield Finding(
                    tag.span,
                    f"no scope asks for routes tagged `{tag.text}`",
                    help=(f"remove the tag, or use it:  deny … on routes tagged {tag.text} when …",),
                )


RULE = LintRule(
    code="L049",
    name="unused-tag",
    severity="note",
    what="A tag of a route that no `routes tagged` names.",
    why="A tag looks as if it did something: `tags internal` reads like a protection. Without a rule it is a word.",
    bad='route orders { match GET on "/orders"   trust corp   upstream "http://127.0.0.1:9000"   tags internal }\n',
    good="""route orders { match GET on "/orders"   trust corp   upstream "http://127.0.0.1:9000"   tags internal }
deny outside on routes tagged internal when client.ip not in ["10.0.0.0/8"]
""",
    check=check,
)
