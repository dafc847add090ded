"""L010: access tokens that may live for ever."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Issuers without ``lifetime at most``."""
    del options
    for issuer in subject.items(nodes.Issuer):
        if not issuer.lifetime:
            yield Finding(
                issuer.name.span,
                f"tokens of `{issuer.name.text}` are accepted however long they live",
                help=("say how long at most:  lifetime at most 1h   (tokens then need `iat`)",),
            )


RULE = LintRule(
    code="L010",
    name="unbounded-token-lifetime",
    severity="note",
    what="An issuer without `lifetime at most`.",
    why="`exp` is always required, but the issuer may put any instant in it. A bound catches the token that was given for "
    "ten years by mistake, or by somebody who wanted one.",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " " }
}
""",
    good="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " " }
}
""",
    check=check,
)
