"""L036: an identity token that is good elsewhere too."""

from collections.abc import Iterator

from policylang.check.model import IdentityToken
from policylang.diagnostics.model import Label
from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Identity tokens whose audience is the API's own, or that of a token for other upstreams."""
    del options
    outer = {audience: issuer for issuer in subject.module.issuers.values() for audience in issuer.audience}
    first: dict[str, IdentityToken] = {}
    for token in subject.module.identity_tokens:
        if token.audience in outer:
            yield Finding(
                token.span,
                f"`{token.name}` has the audience of the tokens that clients bring",
                f'audience "{token.audience}"',
                help=('name the service behind the gateway:  audience "svc-orders"',),
                more=(Label(outer[token.audience].span, "expects the same audience"),),
            )
        other = first.setdefault(token.audience, token)
        if other is not token and _upstreams(other, subject).isdisjoint(_upstreams(token, subject)):
            yield Finding(
                token.span,
                f"`{token.name}` and `{other.name}` have one audience and go to different services",
                f'audience "{token.audience}"',
                help=("give each service an audience of its own",),
                more=(Label(other.span, "the same audience"),),
            )


def _upstreams(token: IdentityToken, subject: Subject) -> frozenset[str]:
    return frozenset(url for route in token.routes for url in subject.module.routes[route].upstream)


RULE = LintRule(
    code="L036",
    name="shared-identity-audience",
    severity="warning",
    what="An `identity token` whose audience is the API's own, or that of an identity token for another service.",
    why="The audience is what stops a service from using the token it got at another one (RFC 9068 section 3). A missing "
    "audience is an error of the compiler (R256).",
    bad="""identity token for_orders on orders {
  audience "https://api.example.com"   subject claims.sub   lifetime 60s   header X-Identity
}
""",
    good="""identity token for_orders on orders {
  audience "svc-orders"   subject claims.sub   lifetime 60s   header X-Identity
}
""",
    check=check,
)
