"""L022: an allow that believes a header of the client."""

from collections.abc import Iterator

from policylang.check.model import Compare, In, TypedExpr
from policylang.linter.conditions import references, walk
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Allows that read a request header and compare it with nothing that the token proves."""
    del options
    for rule in subject.allows:
        compared = _compared(rule.condition)
        for ref in references(rule.condition):
            if ref.root == "header" and ref.name not in compared:
                yield Finding(
                    ref.span,
                    f"`{rule.name}` grants by a header that the client writes as it likes",
                    "sent by the client",
                    help=("decide by a claim; a header may narrow a `deny`, it cannot prove anything",),
                )
                break


def _compared(condition: TypedExpr | None) -> frozenset[str]:
    """The headers that some test compares with a claim or the like: the client chooses among what it was given."""
    found: set[str] = set()
    for part in walk(condition) if condition is not None else ():
        if isinstance(part, Compare | In):
            refs = list(references(part))
            if any(ref.root in {"claims", "metadata", "policy"} for ref in refs):
                found |= {ref.name for ref in refs if ref.root == "header"}
    return frozenset(found)


RULE = LintRule(
    code="L022",
    name="allow-on-client-header",
    severity="warning",
    what="An `allow` whose condition reads a header of the request and compares it with nothing that the token says.",
    why="Headers come from the client. Whoever knows the value sends it; only the token is signed.",
    bad='allow read on orders for GET when "orders:read" in claims.scope and header["X-Internal"] present\n',
    good='allow read on orders for GET when "orders:read" in claims.scope\n',
    check=check,
)
