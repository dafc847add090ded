"""Complaints about what tests expect. One constructor each; its docstring is its page."""

from policylang.check.wording import did_you_mean, quoted
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def decider_impossible(name: str, what: str, never: str, span: Span) -> Diagnostic:
    """R752: a test expects a decision by something that never decides so.

    A request is let through by an allow. It is refused by a deny, by a limit, by a policy whose rate or quota is spent,
    or by a rule that has no answer. A shadow rule decides nothing.

    Bad::

        deny risky on orders when claims.risk absent
        test "reading" { token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow by risky }

    Good::

        deny risky on orders when claims.risk absent
        test "reading" { token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect deny 403 by risky }
    """
    return Diagnostic(
        "R752",
        f"the {what} `{name}` never {never}",
        (Label(span, f"a {what}"),),
        help=("name the rule that decides, or expect another answer",),
    )


def kind_unknown(name: str, near: str | None, span: Span) -> Diagnostic:
    """R753: a test expects a kind of refusal that there is not.

    The kinds are those of the decision log: `no_allow`, `denied`, `step_up`, `credential_refused`, `limited` and so on.

    Bad::

        test "reading" { request GET "/v1/acme/orders/1"  expect deny 401 as missing }

    Good::

        test "reading" { request GET "/v1/acme/orders/1"  expect deny 401 as credential_missing }
    """
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic(
        "R753",
        f"no request is refused as `{name}`",
        (Label(span),),
        help=did_you_mean(near)
        or ("kinds are `credential_missing`, `credential_refused`, `denied`, `no_allow` and more",),
        edits=edits,
    )


def kind_misplaced(name: str, status: int, span: Span) -> Diagnostic:
    """R754: a kind of refusal that has another status.

    Bad::

        test "reading" { request GET "/v1/acme/orders/1"  expect deny 401 as no_allow }

    Good::

        test "reading" { request GET "/v1/acme/orders/1"  expect deny 401 as credential_missing }
    """
    return Diagnostic(
        "R754", f"`{name}` is a {status}", (Label(span),), help=(f"write  expect deny {status} as {name}",)
    )


def never_said(what: str, name: str, near: str | None, span: Span) -> Diagnostic:
    """R755: a test speaks of something that no rule ever says.

    A header that no rule sets, removes or is sent is absent from every request; a test that expects so proves nothing.

    Bad::

        test "reading" {
          token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow header X-Usr "u1"
        }

    Good::

        request headers on orders { set X-User "{claims.sub}" }
        test "reading" {
          token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect allow header X-User "u1"
        }
    """
    shown = quoted(name) if what == "step_up" else name
    edits = () if near is None or what == "step_up" else (Edit(span, near),)
    return Diagnostic(
        "R755",
        f"no rule says anything of {what} {shown}",
        (Label(span, "never set or removed" if what != "step_up" else "never asked for"),),
        help=did_you_mean(near) or ("correct the name, or add the rule first",),
        edits=edits,
    )


def never_of_refused(span: Span) -> Diagnostic:
    """R756: a test expects of a refused request what only a forwarded one has.

    Nothing is set on, minted for or charged for a request that is refused.

    Bad::

        request headers on orders { set X-User "{claims.sub}" }
        test "reading" { request GET "/v1/acme/orders/1"  expect deny 401 header X-User "u1" }

    Good::

        request headers on orders { set X-User "{claims.sub}" }
        test "reading" { request GET "/v1/acme/orders/1"  expect deny 401 header X-User absent }
    """
    return Diagnostic(
        "R756",
        "a refused request never has this",
        (Label(span, "only of a request that is let through"),),
        help=("expect it absent, or expect `allow`",),
    )


def counter_missing(name: str, kind: str, span: Span) -> Diagnostic:
    """R757: a test speaks of a rate, a quota or a concurrency that a policy does not have.

    Bad::

        policy free { rate 5 per 1s burst 5 }
        select policy on orders { use free otherwise }
        test "spent" {
          token corp { sub: "u1"  tenant: "acme" }
          used 5 of free quota  request GET "/v1/acme/orders/1"  expect deny 429 by free
        }

    Good::

        policy free { rate 5 per 1s burst 5 }
        select policy on orders { use free otherwise }
        test "spent" {
          token corp { sub: "u1"  tenant: "acme" }
          used 5 of free rate  request GET "/v1/acme/orders/1"  expect deny 429 by free
        }
    """
    noun = "concurrency" if kind == "concurrent" else kind
    return Diagnostic(
        "R757",
        f"policy `{name}` has no {noun} to count",
        (Label(span),),
        help=(f"name another limit of it, or give the policy a {noun}",),
    )


def value_unprintable(name: str, span: Span) -> Diagnostic:
    """R758: a test expects a header value that no header can have.

    The gateway writes printable ASCII into headers, and refuses a request whose values have anything else.

    Bad::

        request headers on orders { set X-User "{claims.sub}" }
        test "reading" { request GET "/v1/acme/orders/1"  expect allow header X-User "zoë" }

    Good::

        request headers on orders { set X-User "{claims.sub}" }
        test "reading" {
          token corp { sub: "zoë"  tenant: "acme" }  request GET "/v1/acme/orders/1"  expect deny 403 as render_refused
        }
    """
    return Diagnostic(
        "R758",
        f"{name} never has this value",
        (Label(span, "not printable ASCII"),),
        help=("a value that cannot stand in a header refuses the request:  expect deny 403 as render_refused",),
    )


def no_exact_value(name: str, span: Span) -> Diagnostic:
    """R759: a test expects a member of an identity token in a form that only a token given to a test has.

    Bad::

        identity token inner on orders { audience "inner"  subject claims.sub  lifetime 60s  header X-Identity }
        test "reading" {
          token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"
          expect allow identity token inner { sub: raw "\\"u1\\"" }
        }

    Good::

        identity token inner on orders { audience "inner"  subject claims.sub  lifetime 60s  header X-Identity }
        test "reading" {
          token corp { sub: "u1"  tenant: "acme" }  request GET "/v1/acme/orders/1"
          expect allow identity token inner { sub: "u1" }
        }
    """
    return Diagnostic(
        "R759",
        f"`{name}` is expected as a value, or `absent`",
        (Label(span),),
        help=(f'write the value itself:  {name}: "…"',),
    )
