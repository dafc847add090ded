"""L020: a text without a bound in a header."""

from collections.abc import Iterator

from policylang.check.model import Ref
from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject
from policylang.linter.usage import header_references
from policylang.typesys.describe import describe
from policylang.typesys.terms import SetOf, Text


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Headers with a text that may be longer than the option says."""
    longest = options.count("longest")
    for header in subject.module.set_headers:
        for ref in header_references(header):
            reason = _unbounded(ref, longest)
            if reason is not None:
                yield Finding(
                    ref.span,
                    f"the {header.direction} header `{header.name}` may become very long",
                    reason,
                    help=(f"bound the text where it is declared:  text(1..{min(longest, 128)})  or  slug",),
                )


def _unbounded(ref: Ref, longest: int) -> str | None:
    item = ref.type.item if isinstance(ref.type, SetOf) else ref.type
    if isinstance(item, Text) and item.high > longest:
        return f"{describe(ref.type)}: up to {item.high:,} characters" + (" each" if item is not ref.type else "")
    return None


RULE = LintRule(
    code="L020",
    name="unbounded-text-in-header",
    severity="warning",
    what="A header that is set from a text of more than 256 characters.",
    why="Servers bound the size of a message's head, often to 8 KiB, and refuse what is over. One long claim then makes "
    "every request of a caller fail at the upstream, with an answer that nobody can explain.",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   team: text }
}
request headers on orders { set X-Team "{claims.team}" }
""",
    good="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub
  claims { sub: text(1..128)   scope: set of text split " "   team: text(1..64) }
}
request headers on orders { set X-Team "{claims.team}" }
""",
    check=check,
    options=(Option("longest", "count", 256, "So many characters are not complained of."),),
)
