"""Complaints about values that do not go with an operator or a place: R218 to R231, R243.

One constructor each; its docstring is its page. Types come as the words of ``typesys.describe``.
"""

from collections.abc import Sequence

from policylang.check.wording import did_you_mean, quoted
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def not_a_condition(what: str, span: Span, fix: str) -> Diagnostic:
    """R218: a value that is not true or false stands where a condition is wanted.

    There is no truthiness: a text, a number or a set is never taken for true.

    Bad::

        allow read on orders when claims.scope

    Good::

        allow read on orders when "orders:read" in claims.scope
    """
    return Diagnostic("R218", f"{what} is not a condition", (Label(span, "neither true nor false"),), help=(fix,))


def kinds_do_not_compare(op: str, left: str, right: str, span: Span, fix: str) -> Diagnostic:
    """R219: an operator has sides of two kinds, or of a kind that it does not take.

    Nothing is converted: `"3"` is not 3, and a set is not its only item.

    Bad::

        deny risky on orders when claims.score == "high"      # score: int 0..100

    Good::

        deny risky on orders when claims.score == 100
    """
    return Diagnostic("R219", f"`{op}` does not go between {left} and {right}", (Label(span),), help=(fix,))


def no_order(op: str, what: str, span: Span) -> Diagnostic:
    """R220: `<`, `<=`, `>` or `>=` stands beside something that is not an integer.

    Texts have no order in the language: alphabetical order is rarely what a rule means.

    Bad::

        deny old on orders when claims.version < "2"

    Good::

        deny old on orders when claims.version in ["1", "1.5"]
    """
    return Diagnostic(
        "R220",
        f"`{op}` compares integers, and this is {what}",
        (Label(span),),
        help=("list the values with `in [ … ]`, or declare the claim as `int`",),
    )


def time_as_value(span: Span) -> Diagnostic:
    """R221: an instant is used otherwise than with `older than`, `present` or `absent`.

    Only monotone tests of time exist, so that a cached result knows until when it holds.

    Bad::

        deny stale on orders when claims.auth_time < 1767225600

    Good::

        deny stale on orders when claims.auth_time older than 15min
    """
    return Diagnostic(
        "R221",
        "an instant can only be tested for its age",
        (Label(span, "time"),),
        help=("write `… older than 15min`, `… present` or `… absent`",),
    )


def no_membership(title: str, span: Span, fix: str) -> Diagnostic:
    """R222: the sides of `in`, `any of` or `all of` are no item and set that go together.

    `in` looks for an item in a set, never for a part of a text: `"admin"` is not in `"superadmin"`.

    Bad::

        allow admin on ops when "admin" in claims.role       # role: text

    Good::

        allow admin on ops when "admin" in claims.roles      # roles: set of text
    """
    return Diagnostic("R222", title, (Label(span),), help=(fix,))


def address_outside_in(what: str, span: Span, fix: str) -> Diagnostic:
    """R223: an address or a network is used otherwise than with `in`.

    Addresses have many spellings; they are compared as addresses, and only with networks.

    Bad::

        deny outside on ops when client.ip != "10.0.0.1"

    Good::

        deny outside on ops when client.ip not in ["10.0.0.1/32"]
    """
    return Diagnostic("R223", f"{what} can only be looked for in networks", (Label(span),), help=(fix,))


def not_text(op: str, what: str, span: Span, fix: str) -> Diagnostic:
    """R224: `starts with`, `ends with` or `matches` is asked of something that is not text.

    Bad::

        allow read on orders when claims.scope starts with "orders:"      # scope: set of text

    Good::

        allow read on orders when any of ["orders:read", "orders:write"] in claims.scope
    """
    return Diagnostic("R224", f"`{op}` tests a text, and this is {what}", (Label(span),), help=(fix,))


def not_a_time(what: str, span: Span) -> Diagnostic:
    """R225: `older than` is asked of something that is not an instant.

    Bad::

        # logged_in: int 0..4102444800
        deny stale on orders when claims.logged_in older than 15min

    Good::

        # auth_time: time
        deny stale on orders when claims.auth_time older than 15min
    """
    return Diagnostic(
        "R225",
        f"`older than` asks for the age of an instant, and this is {what}",
        (Label(span),),
        help=("declare it as `time`, if it holds a NumericDate",),
    )


def not_a_number(op: str, what: str, span: Span) -> Diagnostic:
    """R226: `+` or `-` has a side that is not an integer.

    Bad::

        deny risky on orders when claims.plan + 1 > 2

    Good::

        deny risky on orders when claims.score + 1 > 50
    """
    return Diagnostic(
        "R226", f"`{op}` takes integers, and this is {what}", (Label(span),), help=("use an `int` claim",)
    )


def arithmetic_overflow(op: str, low: int, high: int, span: Span) -> Diagnostic:
    """R227: a sum or difference can leave the 64-bit integers.

    Arithmetic is bounded by the ranges of what goes in, so that it can never overflow on a request.

    Bad::

        # counter: int 0..9223372036854775807
        deny over on orders when claims.counter + 1 > 1000

    Good::

        # used: int 0..1000000
        deny over on orders when claims.used + 1 > 1000
    """
    return Diagnostic(
        "R227",
        f"this `{op}` can give {low} to {high}, which is more than 64 bits hold",
        (Label(span),),
        help=("declare narrower ranges for what goes in",),
    )


def condition_as_value(span: Span, fix: str) -> Diagnostic:
    """R228: a condition stands where a value is wanted.

    Conditions are joined by `and`, `or` and `not`; they are not compared, defaulted or looked for.

    Bad::

        deny odd on orders when (claims.score > 50) == true

    Good::

        deny odd on orders when claims.score > 50
    """
    return Diagnostic("R228", "a condition is not a value", (Label(span),), help=(fix,))


def template_in_condition(span: Span) -> Diagnostic:
    r"""R229: a text in a condition has a reference in braces.

    Only header values are templates. In a condition a text means itself, so that no value becomes part of another.

    Bad::

        allow own on orders when claims.sub == "user-{path.tenant}"

    Good::

        allow own on orders when claims.tenant == path.tenant
    """
    return Diagnostic(
        "R229",
        "a text in a condition takes no reference",
        (Label(span),),
        help=("compare the values themselves; braces that are meant as braces are written \\{ and \\}",),
    )


def reference_unfit(place: str, wanted: str, what: str, span: Span, fix: str) -> Diagnostic:
    """R230: a reference stands in a place that does not take values of its type.

    Bad::

        request headers on orders { set X-Scope "{claims.scope}" }         # a set

    Good::

        request headers on orders { set X-Scope claims.scope joined by " " }
    """
    return Diagnostic("R230", f"{place} takes {wanted}, and this is {what}", (Label(span, what),), help=(fix,))


def value_names_no_policy(value: str, what: str, span: Span, declared: Span, near: str | None) -> Diagnostic:
    """R231: a claim names the policy, and one of its values is no policy.

    Bad::

        # tier: one of "reader", "silver"; there is no policy `silver`
        select policy on orders { use claims.tier }

    Good::

        policy silver { rate 100 per 1s burst 200 }
        select policy on orders { use claims.tier }
    """
    return Diagnostic(
        "R231",
        f"{what} may be {quoted(value)}, and there is no such policy",
        (Label(span), Label(declared, "declared here")),
        help=did_you_mean(near) or (f"declare `policy {value} {{ … }}`, or remove the value from the claim",),
    )


def unsuitable_default(title: str, span: Span, help_lines: Sequence[str]) -> Diagnostic:
    """R243: the sides of `??` do not go together.

    On its left stands a reference that may be absent, on its right what it then counts as: a constant that the
    reference could have had, or another reference of the same kind that is never absent.

    Bad::

        deny risky on orders when (claims.risk ?? claims.sub) == 100      # risk: int 0..100 optional

    Good::

        deny risky on orders when (claims.risk ?? 0) > 50
    """
    return Diagnostic("R243", title, (Label(span),), help=tuple(help_lines))
