"""L011: a shared secret that verifies tokens."""

from collections.abc import Iterator

from policylang.linter.model import Finding, LintRule, Options
from policylang.linter.subject import Subject
from policylang.syntax import nodes


def check(subject: Subject, options: Options) -> Iterator[Finding]:
    """Issuers with ``keys secret.…``."""
    del options
    for issuer in subject.items(nodes.Issuer):
        for keys in issuer.keys:
            if isinstance(keys, nodes.KeysSecret):
                yield Finding(
                    keys.span,
                    f"tokens of `{issuer.name.text}` are verified with a secret that can also make them",
                    "a symmetric key",
                    help=("have the issuer sign with a private key:  keys discovered   algorithms ES256",),
                )


RULE = LintRule(
    code="L011",
    name="symmetric-keys",
    severity="warning",
    what="An issuer whose tokens are verified with a shared secret (HS256, HS384, HS512).",
    why="Who can verify such a token can also make one: the gateway, its operators, its backups and everybody else who "
    "holds the secret. With a key pair only the issuer can sign (RFC 8725 section 3.5).",
    bad="""secret corp_key
issuer corp {
  iss "https://auth.example.com"   keys secret.corp_key   algorithms HS256   audience "https://api.example.com"
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
)
