"""L037: a rule that no test names."""

from collections.abc import Iterator

from policylang.check.model import Rule
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes_test
from policylang.syntax.walk import walk


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Allows and denies that no test expects a decision by."""
    del options
    tested = {
        name.text
        for test in subject.module.tests
        for node in walk(test)
        if isinstance(node, nodes_test.ExpectName) and node.kind == "by"
        for name in node.names
    }
    for rule in (*subject.allows, *subject.denies):
        if rule.name not in tested:
            yield Finding(
                rule.span,
                f"no test expects a decision by `{rule.name}`",
                help=(f'write one:  test "…" {{ token … request … expect {_answer(rule)} by {rule.name} }}',),
            )


def _answer(rule: Rule) -> str:
    """What a request is answered with that the rule decides: one that asks for a stronger login is 401 (RFC 9470)."""
    if rule.effect == "allow":
        return "allow"
    return "deny 403" if rule.step_up is None else "deny 401"


RULE = LintRule(
    code="L037",
    name="rule-without-test",
    severity="note",
    what="An `allow` or a `deny` that no `test` expects a decision by.",
    why="A rule that no test names can be removed, or can stop to hold, and every test still passes.",
    bad='allow read on orders for GET when "orders:read" in claims.scope\n',
    good="""allow read on orders for GET when "orders:read" in claims.scope
test "who may read orders reads them" {
  token corp { sub: "u1"   scope: "orders:read"   tenant: "acme" }
  request GET "/v1/acme/orders/7"
  expect allow by read
}
""",
    check=check,
)
