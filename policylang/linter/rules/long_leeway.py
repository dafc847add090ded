"""L008: a leeway that keeps expired tokens alive."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Issuers with a longer ``leeway`` than the option says."""
    longest = options.micros("longest")
    for issuer in subject.items(nodes.Issuer):
        for leeway in issuer.leeway:
            if leeway.micros > longest:
                yield Finding(
                    leeway.span,
                    f"a leeway of {leeway.text} accepts tokens of `{issuer.name.text}` that long after they expired",
                    f"longer than {options.text('longest')}",
                    help=("leave room for clocks, not for tokens:  leeway 30s",),
                )


RULE = LintRule(
    code="L008",
    name="long-leeway",
    severity="warning",
    what="An issuer whose `leeway` is longer than a minute.",
    why="Leeway is for clocks that differ (RFC 7519 section 4.1.4: no more than a few minutes). Clocks that are kept by "
    "NTP differ by less than a second; a long leeway is a longer life for stolen and revoked tokens.",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  leeway 5min   lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " " }
}
""",
    good="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  leeway 30s   lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " " }
}
""",
    check=check,
    options=(Option("longest", "duration", "60s", "The longest leeway that is not complained of."),),
)
