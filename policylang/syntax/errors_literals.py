"""Complaints about literals, codes R130 to R149. A docstring here is its code's page in the docs."""

from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.diagnostics.quote import quoted
from policylang.source.spans import Span


def leading_zero(at: Span, text: str) -> Diagnostic:
    """R130: a number with a leading zero.

    Elsewhere `010` means eight; here a number is decimal and written one way.

    Bad::

        policy p { rate 010 per 1s burst 20 }

    Good::

        policy p { rate 10 per 1s burst 20 }
    """
    plain = text.lstrip("0_") or "0"
    return Diagnostic(
        "R130", "a number has no leading zero", (Label(at),), help=(f"write {plain}",), edits=(Edit(at, plain),)
    )


def number_too_big(at: Span) -> Diagnostic:
    """R131: a number beyond 64 bits.

    Integers lie between -2**63 and 2**63-1, so that every store and every part of the gateway counts alike.

    Bad::

        deny many on orders when claims.count > 9223372036854775808

    Good::

        deny many on orders when claims.count > 9_000_000_000
    """
    return Diagnostic("R131", "this number does not fit into 64 bits", (Label(at, "-2**63 to 2**63-1"),))


def duration_too_long(at: Span, text: str) -> Diagnostic:
    """R132: a duration of more than ten years.

    Nothing that rules time lasts that long; a typing slip does.

    Bad::

        issuer corp { lifetime at most 99999d }

    Good::

        issuer corp { lifetime at most 1h }
    """
    return Diagnostic("R132", f"{quoted(text)} is longer than ten years", (Label(at),))


def no_such_instant(at: Span, text: str) -> Diagnostic:
    """R133: an instant that is not in the calendar.

    Instants are UTC, from 1970 on, in a real month and day, without leap seconds.

    Bad::

        allow read on orders always until 2026-02-30T00:00:00Z

    Good::

        allow read on orders always until 2026-02-28T00:00:00Z
    """
    return Diagnostic(
        "R133",
        f"{text} is not an instant of the calendar since 1970",
        (Label(at),),
        help=("write year-month-dayThour:minute:secondZ in UTC, such as 2026-03-01T00:00:00Z",),
    )


def no_such_character(at: Span, digits: str) -> Diagnostic:
    r"""R134: a character number that stands for no character.

    `\u{…}` takes a Unicode scalar value: at most 10ffff, and no surrogate.

    Bad::

        policy p { grants "\u{d800}" }

    Good::

        policy p { grants "\u{e9}" }
    """
    return Diagnostic("R134", f"there is no character U+{digits.upper()}", (Label(at),))


def stray_brace(at: Span, brace: str) -> Diagnostic:
    r"""R135: a brace in a string that opens or closes nothing.

    In a string a brace begins a reference, `{claims.sub}`. One that means itself is written with a backslash.

    Bad::

        policy p { grants "a{b" }

    Good::

        policy p { grants "a\{b" }
    """
    return Diagnostic(
        "R135",
        f"`{brace}` stands alone in this string",
        (Label(at),),
        help=(f"write \\{brace} for the character itself",),
        edits=(Edit(at, "\\" + brace),),
    )


def no_reference(at: Span, inside: str) -> Diagnostic:
    r"""R136: braces in a string that hold no reference.

    Templates hold references only, `{claims.sub}` and the like, without blanks; no expression, no default.

    Bad::

        request headers on orders { set X-User "{claims.sub ?? 1}" }

    Good::

        request headers on orders { set X-User "{claims.sub}" }
    """
    return Diagnostic(
        "R136",
        f"{quoted(inside)} is not a reference",
        (Label(at),),
        help=("write {claims.name}, {metadata.name} or {path.name}; write \\{ and \\} for the braces themselves",),
    )


def bad_header_name(at: Span) -> Diagnostic:
    """R137: a header name that HTTP does not allow.

    A field name is a token (RFC 9110 section 5.1): letters, digits and hyphens as a rule. Only `remove` takes a star, at
    the end.

    Bad::

        request headers on orders { set "X User" "{claims.sub}" }

    Good::

        request headers on orders { set X-User "{claims.sub}" }
    """
    return Diagnostic("R137", "this is not a header name", (Label(at),))


def method_case(at: Span, text: str) -> Diagnostic:
    """R138: a request method that is not in capitals.

    Methods are compared byte for byte (RFC 9110 section 9.1): `Get` would never match.

    Bad::

        allow read on orders for Get always

    Good::

        allow read on orders for GET always
    """
    return Diagnostic(
        "R138",
        f"the method {quoted(text)} is not in capitals",
        (Label(at),),
        help=(f"write {text.upper()}",),
        edits=(Edit(at, text.upper()),),
    )
