"""What the linter says of its own comments and its own file: codes L900 to L913. A docstring here is its code's page."""

import re
from collections.abc import Sequence

from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.diagnostics.quote import quoted
from policylang.diagnostics.suggest import did_you_mean
from policylang.source.spans import NOWHERE, Span

_SHORT = re.compile(r"[Ll]([0-9]{1,3})")
FORM = "# lint: allow L008 why this one is meant"


def suppression_without_code(span: Span) -> Diagnostic:
    """L900: a suppression that names no finding.

    A comment that begins with `lint:` allows findings by their codes. Without a code it allows nothing.

    Bad::

        # lint: allow this is meant
        allow read on orders for GET always

    Good::

        # lint: allow L001 every token of this issuer is a reader's
        allow read on orders for GET always
    """
    return Diagnostic(
        "L900",
        "this comment names no finding to allow",
        (Label(span),),
        help=(f"write the code of the finding and a reason:  {FORM}",),
        severity="warning",
    )


def suppression_without_reason(span: Span) -> Diagnostic:
    """L901: a suppression that does not say why.

    Who reads the rules next year has to know whether the reason still holds.

    Bad::

        # lint: allow L001
        allow read on orders for GET always

    Good::

        # lint: allow L001 every token of this issuer is a reader's
        allow read on orders for GET always
    """
    return Diagnostic(
        "L901",
        "this suppression gives no reason",
        (Label(span),),
        help=(f"say why behind the code:  {FORM}",),
        severity="warning",
    )


def suppression_of_unknown_code(code: str, known: Sequence[str], span: Span) -> Diagnostic:
    """L902: a suppression of a code that no lint rule has.

    Errors and warnings of the compiler (R…) cannot be allowed by a comment.

    Bad::

        # lint: allow L801 every token of this issuer is a reader's
        allow read on orders for GET when "orders:read" in claims.scope

    Good::

        # lint: allow L001 every token of this issuer is a reader's
        allow read on orders for GET always
    """
    near = _near(code, known)
    return Diagnostic(
        "L902",
        f"no lint rule has the code {quoted(code)}",
        (Label(span),),
        help=() if near is None else (f"did you mean `{near}`?",),
        severity="warning",
    )


def suppression_without_effect(codes: Sequence[str], span: Span, remove: Span | None) -> Diagnostic:
    """L903: a suppression that suppresses nothing.

    What it allowed is gone, or it stands at another line. Left behind, it would hide the next finding of that code
    there. `--fix` removes the comment when no code of it is needed.

    Bad::

        # lint: allow L001 every token of this issuer is a reader's
        allow read on orders for GET when "orders:read" in claims.scope

    Good::

        allow read on orders for GET when "orders:read" in claims.scope
    """
    return Diagnostic(
        "L903",
        f"there is no finding {' or '.join(codes)} here to allow",
        (Label(span),),
        help=("remove the comment" if remove is not None else f"take {', '.join(codes)} out of the comment",),
        severity="warning",
        edits=() if remove is None else (Edit(remove, ""),),
    )


def config_unreadable(reason: str) -> Diagnostic:
    """L910: `lint.toml` cannot be read.

    It is a regular UTF-8 file of at most 256 KiB in the rule set's directory; links may not lead out of it. What is
    asked for and cannot be read stops the linter: no severity is guessed.

    Bad: `lint.toml` with mode 000.

    Good: a readable file, or none.
    """
    return Diagnostic("L910", f"the file `lint.toml` cannot be read: {reason}", (Label(NOWHERE),))


def config_not_toml(reason: str, at: Span) -> Diagnostic:
    """L911: `lint.toml` is not TOML.

    Bad: `L008: off`.

    Good: `L008 = "off"` below `[severity]`.
    """
    return Diagnostic("L911", "the file `lint.toml` is not TOML", (Label(at, reason),))


def config_unknown(what: str, name: str, known: Sequence[str], at: Span) -> Diagnostic:
    """L912: `lint.toml` names something that there is not.

    A rule is named by its code. A misspelled one would leave the rule as it was, in silence.

    Bad: `L8 = "off"` below `[severity]`.

    Good: `L008 = "off"` below `[severity]`.
    """
    near = _near(name, known)
    listed = f"there is: {', '.join(known)}" if known and len(known) <= 8 else None
    said = f"did you mean `{near}`?" if near is not None else listed
    return Diagnostic(
        "L912", f"`lint.toml`: there is no {what} {quoted(name)}", (Label(at),), help=() if said is None else (said,)
    )


def config_unfit(where: str, wanted: str, at: Span) -> Diagnostic:
    """L913: `lint.toml` has a value of another kind than its place takes.

    Bad: `L008 = "fatal"` below `[severity]`.

    Good: `L008 = "error"` below `[severity]`.
    """
    return Diagnostic("L913", f"`lint.toml`: {where} has a value that it cannot have", (Label(at, f"write {wanted}"),))


def _near(name: str, known: Sequence[str]) -> str | None:
    """What was meant: `L8` and `l008` are `L008`, else the nearest name."""
    short = _SHORT.fullmatch(name)
    code = "" if short is None else f"L{short[1]:0>3}"
    return code if code in known else did_you_mean(name, known)
