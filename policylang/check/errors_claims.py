"""Complaints about claim and metadata declarations. One constructor each; its docstring is its page."""

from policylang.check.wording import quoted
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def range_reversed(low: int, high: int, span: Span) -> Diagnostic:
    """R400: the bounds of a type stand the wrong way round, so that no value fits.

    Bad::

        metadata { fresh within 30s  risk: int 100..0 optional }

    Good::

        metadata { fresh within 30s  risk: int 0..100 optional }
    """
    return Diagnostic(
        "R400",
        f"no value lies in {low}..{high}",
        (Label(span, "the low bound is above the high one"),),
        help=(f"swap them: {high}..{low}",),
    )


def bound_too_large(bound: int, least: int, most: int, span: Span) -> Diagnostic:
    """R401: a bound of a type is beyond what the gateway computes with.

    Integers are of 64 bits in every part of the gateway and in every store; texts have at most 65,536 characters.

    Bad::

        metadata { fresh within 30s  note: text(1..100_000) optional }

    Good::

        metadata { fresh within 30s  note: text(1..1_000) optional }
    """
    return Diagnostic(
        "R401",
        f"the bound {bound:_} is out of range",
        (Label(span, f"bounds go from {least:_} to {most:_}"),),
        help=(f"choose bounds from {least:_} to {most:_}",),
    )


def set_of_scalars(word: str, span: Span) -> Diagnostic:
    """R403: a set of something that is no text.

    Sets hold texts: text, slug, email, cidr or `one of`. Numbers, truth values and instants have an order or two values
    only, and a comparison says what is meant.

    Bad::

        metadata { fresh within 30s  levels: set of int 0..9 default [] }

    Good::

        metadata { fresh within 30s  levels: set of one of "1", "2", "3" default [] }
    """
    return Diagnostic(
        "R403",
        f"there are no sets of {word}",
        (Label(span),),
        help=("a set holds texts: text, slug, email, cidr or one of …",),
    )


def constant_misfit(word: str, type_: str, reason: str, span: Span, declared: Span) -> Diagnostic:
    """R404: a `default` or `always` value is no value of the claim's type.

    Bad::

        metadata { fresh within 30s  risk: int 0..100 default 101 }

    Good::

        metadata { fresh within 30s  risk: int 0..100 default 100 }
    """
    return Diagnostic(
        "R404",
        f"the `{word}` value does not fit its type: {reason}",
        (Label(span, f"not of type {type_}"), Label(declared, f"declared as {type_}")),
        help=(f"write a value of type {type_}",),
    )


def modifiers_clash(name: str, one: str, other: str, reason: str, span: Span) -> Diagnostic:
    """R405: two modifiers of a claim contradict each other.

    `optional` keeps absence, `default` replaces it, `always` never looks: a claim has at most one of the three, and one
    that is never read has no source, separator or null.

    Bad::

        metadata { fresh within 30s  plan: slug optional default "free" }

    Good::

        metadata { fresh within 30s  plan: slug default "free" }
    """
    return Diagnostic(
        "R405",
        f"`{one}` and `{other}` contradict each other on `{name}`",
        (Label(span, reason),),
        help=(f"keep `{one}` or `{other}`, whichever is meant",),
    )


def split_on_scalar(name: str, span: Span, type_: str) -> Diagnostic:
    """R406: `split` on a claim that is no set.

    `split " "` reads `"a b"` as the set of `a` and `b`; a claim with one value has nothing to split.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128)  scope: text split " " }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128)  scope: set of text split " " }
        }
    """
    return Diagnostic(
        "R406",
        f"`split` needs a set, and `{name}` is {type_}",
        (Label(span),),
        help=(f"declare `{name}` as a set of {type_}, or remove `split`",),
    )


def separator_malformed(what: str, given: str, span: Span) -> Diagnostic:
    """R407: a separator is not one printable ASCII character.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128)  scope: set of text split "; " }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128)  scope: set of text split ";" }
        }
    """
    return Diagnostic(
        "R407",
        f"{quoted(given)} is no separator for {what}",
        (Label(span),),
        help=('use one printable ASCII character, for instance " " or ","',),
    )


def null_without_absence(name: str, span: Span) -> Diagnostic:
    """R408: `null as absent` on a claim that must be there.

    A required claim that is absent is refused, and so is one that is null: the words change nothing.

    Bad::

        metadata { fresh within 30s  plan: slug null as absent }

    Good::

        metadata { fresh within 30s  plan: slug optional null as absent }
    """
    return Diagnostic(
        "R408",
        f"`null as absent` says nothing on `{name}`, which must be present",
        (Label(span),),
        help=("add `optional` or a `default`, or remove `null as absent`",),
    )


def metadata_modifier(name: str, word: str, span: Span) -> Diagnostic:
    """R409: a metadata field has a modifier that only claims have.

    Metadata is written by your own side, under the names and types declared here: there is no foreign name to map and
    no foreign spelling to split.

    Bad::

        metadata { fresh within 30s  roles: set of slug from "groups" }

    Good::

        metadata { fresh within 30s  roles: set of slug }
    """
    return Diagnostic(
        "R409",
        f"metadata field `{name}` cannot have `{word}`",
        (Label(span),),
        help=(f"remove `{word}`",),
    )


def registered_claim(name: str, allowed: str | None, span: Span) -> Diagnostic:
    """R410: a claim that the gateway itself reads is declared as something else.

    `iss`, `aud`, `exp`, `nbf`, `iat` and `jti` have their meaning and form from RFC 7519, and every token is checked
    for them before any claim is decoded. Who issued the token is asked with `issuer is …`; the audience is the
    issuer's `audience`.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128)  iat: text }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128)  iat: time }
        }
    """
    if allowed is None:
        title = f"the registered claim `{name}` cannot be declared"
        fix = "ask `issuer is …` instead" if name == "iss" else "state it as the issuer's `audience`"
    else:
        title = f"the registered claim `{name}` can only be declared as {allowed}"
        fix = f"declare it as {allowed}, or read another member"
    return Diagnostic("R410", title, (Label(span, "RFC 7519 section 4.1 gives its meaning"),), help=(fix,))


def source_malformed(name: str, reason: str, span: Span) -> Diagnostic:
    """R411: the path behind `from` leads nowhere.

    `from` names one member of the token, or a list of names that lead into nested objects.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) from ["user", ""] }
        }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub  claims { sub: text(1..128) from ["user", "id"] }
        }
    """
    return Diagnostic(
        "R411",
        f"the source of `{name}` {reason}",
        (Label(span),),
        help=('name a member, or the members that lead to it:  from ["realm_access", "roles"]',),
    )
