"""Complaints about test blocks. One constructor each; its docstring is its page."""

from policylang.check.wording import did_you_mean, some_names
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def fact_unknown(name: str, owner: str, near: str | None, having: tuple[str, ...], span: Span) -> Diagnostic:
    """R740: a test gives a value to something that is not declared.

    A member that no declaration reads changes nothing, so the test would prove nothing.

    Bad::

        test "reading" { token corp { sub: "u1"  tennant: "acme" }  request GET "/v1/acme/orders/1"  expect allow }

    Good::

        test "reading" { token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow }
    """
    edits = () if near is None else (Edit(span, near),)
    known = (f"declared are {some_names(having)}",) if having else ("declare it first",)
    return Diagnostic(
        "R740",
        f"{owner} declares no `{name}`",
        (Label(span, "not declared"),),
        help=did_you_mean(near) or known,
        edits=edits,
    )


def fact_misfit(name: str, type_: str, reason: str, span: Span) -> Diagnostic:
    """R741: a test gives a value of the wrong type.

    A token with such a value is refused before any rule is asked. If that is what the test is about, `raw` says so.

    Bad::

        test "risky" { token corp { sub: "u1"  tenant: "acme"  risk: 101 }  request GET "/v1/acme/orders/1"  expect allow }

    Good::

        test "risky" {
          token corp { sub: "u1"  tenant: "acme"  risk: raw "101" }  request GET "/v1/acme/orders/1"  expect deny 401
        }
    """
    return Diagnostic(
        "R741",
        f"this is no value for `{name}`: {reason}",
        (Label(span, f"not of type {type_}"),),
        help=(f'write a value of type {type_}, or a deliberate misfit as  {name}: raw "…"',),
    )


def raw_malformed(name: str, span: Span) -> Diagnostic:
    r"""R742: the text behind `raw` is not JSON.

    Bad::

        test "odd" { token corp { sub: raw "u1" }  request GET "/v1/acme/orders/1"  expect deny 401 }

    Good::

        test "odd" { token corp { sub: raw "[1, 2]" }  request GET "/v1/acme/orders/1"  expect deny 401 }
    """
    return Diagnostic(
        "R742",
        f"the raw value of `{name}` is not JSON",
        (Label(span),),
        help=('write one JSON value; a text in it needs quotes of its own:  raw "\\"u1\\""',),
    )


def test_pointless(title: str, reason: str, span: Span) -> Diagnostic:
    """R743: a test asks nothing, or expects an answer before it asked.

    Bad::

        test "reading" { token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1" }

    Good::

        test "reading" { token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow }
    """
    return Diagnostic(
        "R743",
        f'the test "{title}" {reason}',
        (Label(span),),
        help=(_INSTEAD.get(reason, _SHAPE),),
    )


_SHAPE = 'a test sends a request and then says what it expects:  request GET "/"  expect deny 404'
_INSTEAD = {
    "sets the clock after its token was made": "put `at` before `token`: a token is issued when it is given",
    "changes a token before it has one": "make one first:  token ISSUER { … }  or  given FIXTURE",
    "uses up a limit after its last request": "put `used` before the request that it is about",
    "expects nothing of its last request": "say what its answer is:  expect allow",
    "goes beyond the year 9000": "choose an earlier instant, or a shorter time",
}


def request_unsendable(what: str, reason: str, span: Span) -> Diagnostic:
    """R744: a request of a test could not be sent.

    Bad::

        test "reading" {
          token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1" from "localhost"  expect allow
        }

    Good::

        test "reading" {
          token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1" from "127.0.0.1"  expect allow
        }
    """
    return Diagnostic("R744", f"{what} {reason}", (Label(span),), help=("write it as it would be sent",))


def status_impossible(status: int, possible: tuple[int, ...], span: Span) -> Diagnostic:
    """R745: a test expects a refusal that the gateway never gives.

    Bad::

        test "reading" { request GET "/v1/acme/orders/1"  expect deny 200 }

    Good::

        test "reading" { request GET "/v1/acme/orders/1"  expect deny 401 }
    """
    return Diagnostic(
        "R745",
        f"no request is refused with {status}",
        (Label(span),),
        help=(f"refusals are {', '.join(str(code) for code in possible)}",),
    )


def decider_unknown(name: str, near: str | None, span: Span) -> Diagnostic:
    """R746: a test expects a decision by something that does not exist.

    Bad::

        test "reading" { token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow by reed }

    Good::

        test "reading" { token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow by read }
    """
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic(
        "R746",
        f"no rule, limit or policy is called `{name}`",
        (Label(span, "not declared"),),
        help=did_you_mean(near) or ("name the rule, limit or policy that decides",),
        edits=edits,
    )


def facts_overlap(name: str, other: str, again: Span, first: Span) -> Diagnostic:
    """R760: two facts of a test are read from one member of the token.

    A token has each member once, so one of the two would be lost. Give one; both claims are read from it.

    Bad::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub
          claims { sub: text  user: text from "sub"  tenant: slug }
        }
        test "reading" { token corp { sub: "u1"  user: "u2"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow }

    Good::

        issuer corp {
          iss "https://auth.example.com"  keys "https://auth.example.com/jwks"  algorithms ES256  audience "api"
          identity by claims.sub
          claims { sub: text  user: text from "sub"  tenant: slug }
        }
        test "reading" { token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow }
    """
    return Diagnostic(
        "R760",
        f"`{name}` and `{other}` are read from the same member of the token",
        (Label(again, "given again"), Label(first, "given here")),
        help=("remove one of the two",),
    )
