"""L015: a claim that is declared and never read."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.linter.usage import claims_read


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Claims of an issuer or a keyring that nothing reads on any route which trusts it."""
    del options
    read = claims_read(subject.module)
    for issuer in subject.callers():
        for claim in (claim for claims in issuer.claims for claim in claims):
            if (issuer.name.text, claim.name.text) not in read:
                yield Finding(
                    claim.name.span,
                    f"nothing reads the claim `{claim.name.text}` of `{issuer.name.text}`",
                    help=("remove the declaration, or say why callers have to have it",),
                    notes=("a declared claim is decoded: a credential whose claim does not fit is refused",),
                )


RULE = LintRule(
    code="L015",
    name="unused-claim",
    severity="warning",
    what="A claim that an issuer or a keyring declares and that no rule, select, header, limit or identity token reads.",
    why="A declaration is not a comment: tokens without the claim, or with another type of it, are refused. And a claim "
    "that nobody reads is often one that a rule should have read.",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   department: slug }
}
allow read on orders for GET when "orders:read" in claims.scope
""",
    good="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " " }
}
allow read on orders for GET when "orders:read" in claims.scope
""",
    check=check,
)
