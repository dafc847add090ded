"""L012: a signature algorithm that has a better successor."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Option, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes

_INSTEAD = {
    "EdDSA": ("EdDSA is deprecated: it does not say which curve (RFC 9864)", "Ed25519"),
    "ES256K": ("ES256K is meant for blockchains, and few libraries are tested with it (RFC 8812)", "ES256"),
    "RS256": ("RS256 signs with PKCS #1 v1.5 padding, which is not for new systems (RFC 8017 section 8)", "PS256 or ES256"),
    "RS384": ("RS384 signs with PKCS #1 v1.5 padding, which is not for new systems (RFC 8017 section 8)", "PS384 or ES384"),
    "RS512": ("RS512 signs with PKCS #1 v1.5 padding, which is not for new systems (RFC 8017 section 8)", "PS512 or ES512"),
}  # fmt: skip


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Algorithms of the table, of every issuer."""
    accepted = options.words("accepted")
    for issuer in subject.items(nodes.Issuer):
        for listed in issuer.algorithms:
            for name in listed:
                if name.text in _INSTEAD and name.text not in accepted:
                    reason, instead = _INSTEAD[name.text]
                    yield Finding(
                        name.span,
                        f"`{issuer.name.text}` may sign with {name.text}",
                        reason,
                        help=(f"have the issuer sign with {instead}, and list only that",),
                    )


RULE = LintRule(
    code="L012",
    name="weak-algorithm",
    severity="note",
    what="An algorithm that is deprecated or that has a better successor: `EdDSA`, `ES256K`, `RS256`, `RS384`, `RS512`.",
    why="None of them is broken. But a list of algorithms is what an attacker may choose from, and the shorter and newer "
    "it is, the less there is to choose. Algorithms that are unsafe are errors of the compiler (R421, R422).",
    bad="""issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms RS256   audience "https://api.example.com"
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
    options=(Option("accepted", "words", (), 'Algorithms that are not complained of, such as ["RS256"].'),),
)
