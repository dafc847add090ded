"""Complaints about characters and words, codes R115 to R129. A docstring here is its code's page in the docs."""

from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.diagnostics.quote import quoted
from policylang.source.spans import Span


def forbidden_character(at: Span, name: str) -> Diagnostic:
    r"""R115: a character that a reader cannot see.

    Control characters, zero-width characters and those that turn the direction of text make a file read otherwise than
    it compiles. They are refused everywhere, comments included; a string can name one as `\u{200d}`.

    Bad: a zero-width space inside a claim's value.

    Good: `"\u{200b}"`.
    """
    return Diagnostic("R115", f"the invisible character {name} is not allowed here", (Label(at),))


def stray_character(at: Span, character: str) -> Diagnostic:
    """R116: a character that the language does not use.

    Outside strings and comments a rules file is ASCII.

    Bad::

        allow read on orders always;

    Good::

        allow read on orders always
    """
    return Diagnostic("R116", f"{quoted(character)} has no meaning here", (Label(at),))


def unterminated_string(at: Span) -> Diagnostic:
    r"""R117: a string that does not end on its line.

    A string ends on the line where it begins; a line break inside is written `\n`.

    Bad::

        policy p { grants "export }

    Good::

        policy p { grants "export" }
    """
    return Diagnostic("R117", "this string does not end", (Label(at, "no closing quote on this line"),))


def unknown_escape(at: Span, text: str) -> Diagnostic:
    r"""R118: a backslash followed by something that is no escape.

    The escapes are `\"`, `\\`, `\n`, `\t`, `\{`, `\}` and `\u{…}`.

    Bad::

        policy p { grants "dir\sub" }

    Good::

        policy p { grants "dir\\sub" }
    """
    return Diagnostic(
        "R118",
        f"{quoted(text)} is not an escape",
        (Label(at),),
        help=('the escapes are \\" \\\\ \\n \\t \\{ \\} and \\u{e9}',),
    )


def single_quotes(at: Span) -> Diagnostic:
    """R119: text in single quotes.

    Strings have double quotes.

    Bad::

        allow vip on orders when claims.plan == 'gold'

    Good::

        allow vip on orders when claims.plan == "gold"
    """
    return Diagnostic("R119", "strings are written in double quotes", (Label(at),))


def bad_number(at: Span, text: str) -> Diagnostic:
    """R120: a number that is not written as the language writes numbers.

    Numbers are whole and decimal, with single underscores between digits at will; there are no fractions.

    Bad::

        deny risky on orders when claims.risk > 0x10

    Good::

        deny risky on orders when claims.risk > 16
    """
    return Diagnostic("R120", f"{quoted(text)} is not a number", (Label(at, "whole decimal numbers only"),))


def bad_name(at: Span, text: str, better: str | None) -> Diagnostic:
    """R121: a name that is not in lower case.

    Names have lower-case letters, digits and underscores. A word that begins with a capital is a header name, a method
    or an algorithm.

    Bad::

        allow readOrders on orders always

    Good::

        allow read_orders on orders always
    """
    edits = () if better is None else (Edit(at, better),)
    helps = () if better is None else (f"write {better}",)
    return Diagnostic(
        "R121", f"{quoted(text)} is not a name", (Label(at, "names are lower case"),), help=helps, edits=edits
    )


def bad_duration(at: Span, text: str) -> Diagnostic:
    """R122: a duration whose unit is unknown.

    The units are `ms`, `s`, `min`, `h` and `d`, directly behind the number.

    Bad::

        policy p { rate 5 per 1sec burst 10 }

    Good::

        policy p { rate 5 per 1s burst 10 }
    """
    return Diagnostic("R122", f"{quoted(text)} is not a duration", (Label(at, "the units are ms, s, min, h and d"),))


def foreign_operator(at: Span, text: str, better: str) -> Diagnostic:
    """R123: an operator of another language.

    The words are `and`, `or` and `not`.

    Bad::

        allow read on orders when staff && present_day

    Good::

        allow read on orders when staff and present_day
    """
    return Diagnostic(
        "R123",
        f"`{text}` is not an operator here",
        (Label(at),),
        help=(f"write {better}",),
        edits=(Edit(at, f" {better} "),),
    )


def bad_instant(at: Span, text: str) -> Diagnostic:
    """R124: an instant that is not written in full.

    An instant has date, time and a final Z: it is UTC, to the second.

    Bad::

        allow read on orders always until 2026-03-01

    Good::

        allow read on orders always until 2026-03-01T00:00:00Z
    """
    return Diagnostic("R124", f"{quoted(text)} is not an instant", (Label(at, "written like 2026-03-01T00:00:00Z"),))


def blank_before_colon(at: Span) -> Diagnostic:
    """R125: a colon that does not stand directly behind its name.

    `name:` is one word; there is no other colon in the language.

    Bad::

        issuer corp { claims { sub : text } }

    Good::

        issuer corp { claims { sub: text } }
    """
    return Diagnostic("R125", "the colon belongs directly behind the name", (Label(at),), help=("write name: type",))


def bare_shadow(at: Span) -> Diagnostic:
    """R126: `shadow` without the word that it belongs to.

    `shadow allow` and `shadow deny` are one word each, on one line, so that no shadow can get lost from a deny.

    Bad::

        shadow
        deny slow on hook always

    Good::

        shadow deny slow on hook always
    """
    return Diagnostic("R126", "`shadow` is followed by `allow` or `deny` on the same line", (Label(at),))


def hopeless(at: Span, count: int) -> Diagnostic:
    """R127: a file with so many strange characters that it is hardly a rules file.

    Reading stops after a hundred of them.

    Bad: a picture named `x.rules`.

    Good: text that begins with `language 1`.
    """
    return Diagnostic(
        "R127", f"reading stops here: {count} words or characters of this file mean nothing", (Label(at),)
    )


def foreign_comment(at: Span) -> Diagnostic:
    """R128: a comment of another language.

    A comment begins with `#` and ends with its line.

    Bad::

        // the staff
        allow read on orders always

    Good::

        # the staff
        allow read on orders always
    """
    return Diagnostic("R128", "comments begin with `#`", (Label(at),))
