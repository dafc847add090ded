"""L018: the raw subject of a token in a header."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.personal import SUBJECTS, is_personal
from policylang.linter.subject import Subject
from policylang.linter.usage import header_references


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Headers with a claim that tells persons apart: the one that identifies callers, or one so named."""
    named = options.words("subjects")
    for header in subject.module.set_headers:
        trusted = {issuer for route in header.routes for issuer in subject.module.routes[route].trust}
        identities = {subject.module.issuers[issuer].identity for issuer in trusted}
        for ref in header_references(header):
            if ref.root == "claims" and (ref.name in identities or is_personal(ref, named, subject.module)):
                yield Finding(
                    ref.span,
                    f"the {header.direction} header `{header.name}` carries `claims.{ref.name}`",
                    "tells one person from another",
                    help=("let an identity token carry it:  identity token … { subject claims.sub … }",),
                )


RULE = LintRule(
    code="L018",
    name="subject-in-header",
    severity="note",
    what="A header that is set from `claims.sub` or another claim that identifies a person.",
    why="A subject is a name for a person that all services share: in a header it is kept by logs and traces, and a "
    "service that believes a header believes whoever reaches it without the gateway. An identity token is signed.",
    bad='request headers on orders { set X-User "{claims.sub}" }\n',
    good="""identity token for_orders on orders {
  audience "svc-orders"   subject claims.sub   lifetime 60s   header X-Identity
}
""",
    check=check,
    options=(SUBJECTS,),
)
