"""Complaints about constants in expressions that no value can ever meet: R232 to R239, R245.

One constructor each; its docstring is its page.
"""

from collections.abc import Sequence

from policylang.check.wording import quoted
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def not_one_of(value: str, values: Sequence[str], span: Span, near: str | None) -> Diagnostic:
    """R232: a constant is not among the values that the claim may have.

    A misspelt value makes an allow that never grants, or a deny that never denies.

    Bad::

        deny weak on orders when claims.acr != "mfaa"      # acr: one of "pwd", "mfa"

    Good::

        deny weak on orders when claims.acr != "mfa"
    """
    shown = ", ".join(quoted(item) for item in values[:12]) or "none at all"
    rest = f" and {len(values) - 12} more" if len(values) > 12 else ""
    fix = (f"did you mean {quoted(near)}?",) if near is not None else (f"the values are {shown}{rest}",)
    edits = () if near is None else (Edit(span, quoted(near)),)
    return Diagnostic(
        "R232",
        f"{quoted(value)} is never the value here",
        (Label(span, f"one of {shown}{rest}"),),
        help=fix,
        edits=edits,
    )


def never_a_value(value: str, kind: str, reason: str, span: Span) -> Diagnostic:
    """R233: a constant can never be a value of the type it is compared with.

    Bad::

        deny other on orders when claims.tenant != "ACME"      # tenant: slug, lower case

    Good::

        deny other on orders when claims.tenant != "acme"
    """
    return Diagnostic(
        "R233", f"{value} is no value of type {kind}", (Label(span, kind),), help=(f"{reason}; correct the constant",)
    )


def not_a_network(value: str, span: Span) -> Diagnostic:
    """R234: a text that should be a network is none.

    Networks are written in prefix notation (RFC 4632 section 3.1, RFC 4291 section 2.3).

    Bad::

        deny outside on ops when client.ip not in ["10.0.0.0/33"]

    Good::

        deny outside on ops when client.ip not in ["10.0.0.0/8", "fd00::/8"]
    """
    return Diagnostic(
        "R234", f"{quoted(value)} is no network", (Label(span),), help=("write it as 10.0.0.0/8 or fd00::/8",)
    )


def host_bits(value: str, network: str, span: Span) -> Diagnostic:
    """R235: a network has bits beyond its prefix.

    Either the address or the prefix length is a slip; which of the two cannot be guessed, so it is not rounded.

    Bad::

        deny outside on ops when client.ip not in ["10.1.2.3/8"]

    Good::

        deny outside on ops when client.ip not in ["10.0.0.0/8"]
    """
    return Diagnostic(
        "R235",
        f"{quoted(value)} has bits beyond its prefix",
        (Label(span),),
        help=(f"if the prefix is right, the network is {quoted(network)}",),
    )


def network_never_matches(value: str, network: str, span: Span) -> Diagnostic:
    """R236: a network of IPv4-mapped IPv6 addresses.

    The gateway reads an IPv4-mapped address (RFC 4291 section 2.5.5.2) as the IPv4 address it stands for, so no
    request ever comes from such a network.

    Bad::

        deny outside on ops when client.ip not in ["::ffff:10.0.0.0/104"]

    Good::

        deny outside on ops when client.ip not in ["10.0.0.0/8"]
    """
    return Diagnostic(
        "R236",
        f"no address is ever in {quoted(value)}",
        (Label(span, "IPv4-mapped addresses count as IPv4"),),
        help=(f"write {quoted(network)}",),
        edits=(Edit(span, quoted(network)),),
    )


def empty_constant(what: str, span: Span, fix: str) -> Diagnostic:
    """R237: an empty pattern or list decides the test before any request.

    Every text starts with the empty text, and nothing is in an empty list.

    Bad::

        allow docs on docs when claims.email ends with ""

    Good::

        allow docs on docs when claims.email ends with "@example.com"
    """
    return Diagnostic("R237", f"{what} is empty", (Label(span),), help=(fix,))


def pattern_decided(op: str, pattern: str, answer: str, kind: str, reason: str, span: Span) -> Diagnostic:
    """R238: a pattern that matches every value the claim may have, or none of them: ``answer`` is "every" or "no".

    Bad::

        deny trial on orders when claims.plan starts with "Gold"      # plan: one of "free", "gold"

    Good::

        deny trial on orders when claims.plan starts with "gold"
    """
    return Diagnostic(
        "R238",
        f"`{op} {quoted(pattern)}` holds for {answer} value of type {kind}",
        (Label(span, reason),),
        help=("`*` stands for any characters and `?` for one; letters count with their case",),
    )


def open_domain(pattern: str, tail: str, span: Span) -> Diagnostic:
    """R239: the end of an email address is tested without the sign before it.

    `ends with "example.com"` also holds for `mallory@evil-example.com`. A whole domain begins with `@`; a domain's
    sub-domains begin with `.`.

    Bad::

        allow docs on docs when claims.email ends with "example.com"

    Good::

        allow docs on docs when claims.email ends with "@example.com"
    """
    return Diagnostic(
        "R239",
        f"{quoted(pattern)} also matches addresses of other domains or people",
        (Label(span),),
        help=(
            f"begin the end of the address with a sign: {quoted('@' + tail)}, or {quoted('.' + tail)} for sub-domains",
        ),
    )


def constant_as_condition(span: Span, text: str) -> Diagnostic:
    """R245: `true` or `false` stands as a condition.

    Bad::

        allow read on orders when true

    Good::

        allow read on orders always
    """
    return Diagnostic(
        "R245",
        f"`{text}` is not a condition that depends on anything",
        (Label(span),),
        help=("write `always` for a rule without a condition, or take the constant out",),
    )
