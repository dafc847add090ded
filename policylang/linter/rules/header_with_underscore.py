"""L021: a header whose name has an underscore."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Names with an underscore that are set, read, counted by, or carry a token."""
    del options
    for name in _names(subject):
        if "_" in _text(name):
            yield Finding(
                name.span,
                f"many servers drop a header named `{_text(name)}`, or take it for another",
                "an underscore",
                help=(f"use hyphens, on both sides:  {_text(name).replace('_', '-')}",),
            )


def _names(subject: Subject) -> Iterator[nodes.Name | nodes.Str]:
    yield from (node.name for node in subject.written(nodes.SetHeader))
    yield from (node.name for node in subject.written(nodes.OutHeader))
    yield from (node.name for node in subject.written(nodes.HeaderRef))
    yield from (node.name for node in subject.written(nodes.Credential) if node.kind == "header")


def _text(name: nodes.Name | nodes.Str) -> str:
    return name.text if isinstance(name, nodes.Name) else name.value


RULE = LintRule(
    code="L021",
    name="header-with-underscore",
    severity="warning",
    what="A header with an underscore in its name that a rule sets or reads.",
    why="nginx drops such headers unless told otherwise, and CGI and WSGI servers cannot tell `X_User` from `X-User`. The "
    "gateway folds the two into one; whoever comes after it may not.",
    bad='request headers on orders { set "X_Tenant" "{path.tenant}" }\n',
    good='request headers on orders { set X-Tenant "{path.tenant}" }\n',
    check=check,
)
