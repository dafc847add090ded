"""L013: an audience that names no API."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Audiences that are the issuer itself, or a word that issuers put into every token."""
    words = options.words("generic")
    for issuer in subject.items(nodes.Issuer):
        iss = subject.module.issuers[issuer.name.text].iss
        for listed in issuer.audience:
            for const in listed:
                text = subject.text_of(const)
                if text.lower() in words:
                    yield _finding(issuer, const, f"`{text}` is in tokens for anything")
                elif text.rstrip("/") == iss.rstrip("/"):
                    yield _finding(issuer, const, "this is the issuer itself")


def _finding(issuer: nodes.Issuer, const: nodes.Const, label: str) -> Finding:
    return Finding(
        const.span,
        f"the audience of `{issuer.name.text}` does not name this API",
        label,
        help=('register the API with the issuer and name it:  audience "https://api.example.com"',),
    )


RULE = LintRule(
    code="L013",
    name="generic-audience",
    severity="warning",
    what="An `audience` that is the issuer itself, or a word that the issuer puts into tokens for anything.",
    why="The audience is what keeps a token for one service from being used at another (RFC 9068 section 3, RFC 8725 "
    "section 3.9). A missing one is an error of the compiler (R256); one that every token has protects no better.",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "account"
  lifetime at most 1h   identity by claims.sub
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
    options=(
        Option(
            "generic",
            "words",
            ("account", "any", "api://default", "default", "public", "*"),
            "Words, in lower case, that name no API.",
        ),
    ),
)
