"""Complaints about issuers. One constructor each; its docstring is its page."""

from policylang.check.wording import did_you_mean, names
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def url_unfit(what: str, reason: str, span: Span) -> Diagnostic:
    """R420: the URL of an issuer or of its keys is none that trust can rest on.

    Whoever can change the answer of the key URL can sign tokens, so it is https; plain http is for a server on the same
    machine (`127.0.0.1`, `[::1]`, `localhost`).

    Bad::

        issuer corp {
          iss "http://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R420",
        f"{what} cannot be trusted: {reason}",
        (Label(span),),
        help=("write a plain https URL, without user name and fragment; http is possible on a loopback host only",),
    )


def algorithm_unknown(name: str, near: str | None, span: Span) -> Diagnostic:
    """R421: an algorithm that the gateway does not verify.

    The algorithm comes from the rules and from the key, never from the token. What can be named: HS256, HS384, HS512,
    RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, ES256K, EdDSA and Ed25519.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms EC256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    fix = did_you_mean(near) or ("choose ES256, EdDSA, RS256 or PS256, whichever the issuer signs with",)
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic("R421", f"`{name}` is no algorithm that can be verified", (Label(span),), help=fix, edits=edits)


def algorithm_none(name: str, span: Span) -> Diagnostic:
    """R422: the algorithm `none`.

    A token of algorithm `none` has no signature: anybody can write it. No setting makes the gateway accept one.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms None  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R422",
        f"`{name}` would accept tokens that nobody signed",
        (Label(span),),
        help=("name the algorithm that the issuer signs with, for instance ES256",),
    )


def secret_with_public(algorithm: str, span: Span, keys: Span) -> Diagnostic:
    """R423: a shared secret and an algorithm with public keys go together.

    A secret verifies HS256, HS384 and HS512 only.

    Bad::

        secret shared
        issuer corp {
          iss "https://auth.example.com"  keys secret.shared  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        secret shared
        issuer corp {
          iss "https://auth.example.com"  keys secret.shared  algorithms HS256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R423",
        f"`{algorithm}` verifies with a public key, and the keys of this issuer are a secret",
        (Label(span), Label(keys, "a shared secret")),
        help=("use HS256, HS384 or HS512 with a secret, or name the issuer's public keys",),
    )


def public_with_secret(algorithm: str, span: Span, keys: Span) -> Diagnostic:
    """R424: an HMAC algorithm and public keys go together.

    With HMAC, whoever can verify can sign. If keys that everybody may read were used as the secret, everybody could
    sign; this confusion has been exploited often enough.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256, HS256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R424",
        f"`{algorithm}` verifies with a shared secret, and the keys of this issuer are public",
        (Label(span), Label(keys, "public keys")),
        help=(f"remove `{algorithm}`, or make it an issuer of its own with `keys secret.…`",),
    )


def key_file_private(path: str, reason: str, span: Span) -> Diagnostic:
    """R425: a key file holds a key that can sign.

    The gateway needs the public half only, and the plan, which holds what the file says, is no place for a secret.

    Bad::

        # file corp.json: {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"A"}
        issuer corp {
          iss "https://auth.example.com"  keys file "corp.json"  algorithms EdDSA  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        # file corp.json: {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        issuer corp {
          iss "https://auth.example.com"  keys file "corp.json"  algorithms EdDSA  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R425",
        f"the key file `{path}` {reason}",
        (Label(span),),
        help=("put the public key there; treat this one as disclosed if the file was ever shared",),
    )


def key_file_unfit(path: str, reason: str, span: Span) -> Diagnostic:
    """R426: a key file holds nothing that verifies the tokens of its issuer.

    A key file is a JWK, a JWK set (RFC 7517) or a PEM public key (RFC 7468), with at least one key for at least one of
    the issuer's algorithms.

    Bad::

        # file corp.json: {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        issuer corp {
          iss "https://auth.example.com"  keys file "corp.json"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        # file corp.json: {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        issuer corp {
          iss "https://auth.example.com"  keys file "corp.json"  algorithms EdDSA  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R426",
        f"the key file `{path}` {reason}",
        (Label(span),),
        help=("name a JWK, a JWK set or a PEM public key that fits the issuer's `algorithms`",),
    )


def identity_undeclared(name: str, owner: str, near: str | None, span: Span) -> Diagnostic:
    """R427: `identity by` names a claim that the issuer does not declare.

    The identity is what limits count and what logs name; it must be a claim that is checked like any other.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.user  claims { sub: text(1..128) }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R427",
        f"the identity is `claims.{name}`, which this {owner} does not declare",
        (Label(span),),
        help=did_you_mean(near) or (f"declare it in `claims`:  {name}: text(1..128)",),
    )


def identity_unfit(reason: str, span: Span, declared: Span | None) -> Diagnostic:
    """R428: `identity by` names something that does not tell users apart.

    The identity must be one value that every token of the issuer carries. A claim that may be absent, has a default or
    is pinned would make one identity of many users, who would then share their limits and their metadata.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) optional }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    labels = (Label(span),) if declared is None else (Label(span), Label(declared, "declared here"))
    return Diagnostic(
        "R428",
        f"the identity {reason}",
        labels,
        help=("name a claim that is required and has one value, usually `claims.sub`",),
    )


def issuers_overlap(route: str, one: str, other: str, *, span: Span, declared: tuple[Span, Span]) -> Diagnostic:
    """R429: a route trusts two issuers whose tokens cannot be told apart.

    Two issuer blocks with one `iss` stand for two kinds of token of one server. Which block a token belongs to must
    follow from the token: by `marked`, on the same member, with different values or with one of them absent.

    Bad::

        issuer robots {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
        issuer people {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) }
        }
        route jobs { match GET on "/jobs"  trust people, robots  upstream "http://127.0.0.1:9000" }
        allow jobs on jobs always

    Good::

        issuer robots {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          marked "gty" is "client-credentials"  identity by claims.sub  claims { sub: text(1..128) }
        }
        issuer people {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          marked "gty" absent  identity by claims.sub  claims { sub: text(1..128) }
        }
        route jobs { match GET on "/jobs"  trust people, robots  upstream "http://127.0.0.1:9000" }
        allow jobs on jobs always
    """
    return Diagnostic(
        "R429",
        f"a token for route `{route}` may belong to both {names((one, other))}, which have one `iss`",
        (Label(span, "trusted here"), Label(declared[0], f"`{one}`"), Label(declared[1], f"`{other}`")),
        help=('tell their tokens apart:  marked "gty" is "robot"  in one,  marked "gty" absent  in the other',),
    )


def mark_malformed(reason: str, span: Span) -> Diagnostic:
    """R430: `marked` names no member of the token.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          marked "" absent  identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          marked "gty" absent  identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R430",
        f"`marked` {reason}",
        (Label(span),),
        help=('name the member that tells the tokens apart:  marked "gty" is "client-credentials"',),
    )


def credential_unfit(name: str, reason: str, span: Span) -> Diagnostic:
    """R431: a header that cannot carry a credential.

    The default is `Authorization: Bearer …` (RFC 6750) and needs no line. Headers that frame the message or that
    proxies write cannot carry a token.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          credential header Host  identity by claims.sub  claims { sub: text(1..128) }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          credential header X-Access-Token  identity by claims.sub  claims { sub: text(1..128) }
        }
    """
    return Diagnostic(
        "R431",
        f"the header `{name}` cannot carry a credential: {reason}",
        (Label(span),),
        help=("name another header or cookie, or leave `credential` out for `Authorization: Bearer`",),
    )
