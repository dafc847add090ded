"""L009: access tokens that are accepted for long."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Issuers with a longer ``lifetime at most`` than the option says."""
    longest = options.micros("longest")
    for issuer in subject.items(nodes.Issuer):
        for lifetime in issuer.lifetime:
            if lifetime.micros > longest:
                yield Finding(
                    lifetime.span,
                    f"tokens of `{issuer.name.text}` may live for {lifetime.text}",
                    f"longer than {options.text('longest')}",
                    help=("have the issuer give short tokens and refresh them:  lifetime at most 1h",),
                )


RULE = LintRule(
    code="L009",
    name="long-token-lifetime",
    severity="warning",
    what="An issuer whose `lifetime at most` is longer than an hour.",
    why="An access token cannot be taken back: what its holder may do is decided when it is issued. For as long as it "
    "lives, a stolen one works, and a right that was taken away still holds.",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 30d   identity by claims.sub
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
    options=(Option("longest", "duration", "1h", "The longest lifetime that is not complained of."),),
)
