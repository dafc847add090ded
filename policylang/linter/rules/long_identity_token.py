"""L035: identity tokens that outlive the request they were made for."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Identity tokens with a longer ``lifetime`` than the option says."""
    longest = options.micros("longest")
    for token in subject.items(nodes.IdentityToken):
        for lifetime in token.lifetime:
            if lifetime.micros > longest:
                yield Finding(
                    lifetime.span,
                    f"`{token.name.text}` can be used for {lifetime.text} after the request",
                    f"longer than {options.text('longest')}",
                    help=("a request and its retries need a minute:  lifetime 60s",),
                )


RULE = LintRule(
    code="L035",
    name="long-identity-token",
    severity="warning",
    what="An `identity token` with a lifetime of more than five minutes.",
    why="It says what was true when the gateway decided. A service that keeps or forwards it, or a log that shows it, "
    "hands out that decision for as long as it lives.",
    bad="""identity token for_orders on orders {
  audience "svc-orders"   subject claims.sub   lifetime 1h   header X-Identity
}
""",
    good="""identity token for_orders on orders {
  audience "svc-orders"   subject claims.sub   lifetime 60s   header X-Identity
}
""",
    check=check,
    options=(Option("longest", "duration", "5min", "The longest lifetime that is not complained of."),),
)
