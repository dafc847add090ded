"""L017: a fact about a person in a header."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.personal import PERSONAL, is_personal
from policylang.linter.subject import Subject
from policylang.linter.usage import header_references


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Headers, of requests and of responses, with a personal claim or metadata field."""
    names = options.words("names")
    for header in subject.module.set_headers:
        for ref in header_references(header):
            if is_personal(ref, names, subject.module):
                yield Finding(
                    ref.span,
                    f"the {header.direction} header `{header.name}` carries `{ref.root}.{ref.name}`",
                    "a fact about a person",
                    help=("send it in an identity token, or send only what the receiver needs",),
                )


RULE = LintRule(
    code="L017",
    name="personal-data-in-header",
    severity="warning",
    what="A header that is set from an email address, a name, a telephone number or the like.",
    why="Headers are what logs, traces and proxies keep. A fact about a person that goes there stays there, under other "
    "rules than those of the service that it was meant for.",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   email: email }
}
request headers on orders { set X-Email "{claims.email}" }
""",
    good="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   email: email }
}
identity token for_orders on orders {
  audience "svc-orders"   subject claims.sub   lifetime 60s   header X-Identity
  claims { email: claims.email }
}
""",
    check=check,
    options=(PERSONAL,),
)
