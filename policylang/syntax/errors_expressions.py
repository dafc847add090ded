"""Complaints about the shape of expressions, codes R150 to R169. A docstring here is its code's page in the docs."""

from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span

TOO_DEEP = "R150"


def too_deep(at: Span, cap: int) -> Diagnostic:
    """R150: an expression nested too deeply.

    Expressions nest at most 64 deep, which keeps every part of the compiler within bounds.

    Bad: `not not not …`.

    Good: name a part with `let`.
    """
    return Diagnostic(
        TOO_DEEP,
        f"this expression is nested deeper than {cap} levels",
        (Label(at),),
        help=("name a part of it with `let`",),
    )


def coalesce_needs_parentheses(at: Span) -> Diagnostic:
    """R151: `??` beside another operator without parentheses.

    Readers disagree on what `a ?? 0 > 50` compares. Parentheses say it.

    Bad::

        deny risky on orders when claims.risk ?? 0 > 50

    Good::

        deny risky on orders when (claims.risk ?? 0) > 50
    """
    return Diagnostic(
        "R151",
        "`??` beside another operator needs parentheses",
        (Label(at, "put this into parentheses"),),
        help=("write for instance (claims.risk ?? 0) > 50",),
    )


def mixed_and_or(at: Span) -> Diagnostic:
    """R152: `and` and `or` mixed without parentheses.

    `and` binds closer, and not every reviewer has it at hand: a rule that is misread is a hole.

    Bad::

        allow read on orders when staff and present_day or auditor

    Good::

        allow read on orders when (staff and present_day) or auditor
    """
    return Diagnostic("R152", "`and` and `or` together need parentheses", (Label(at, "put this into parentheses"),))


def chained_comparison(at: Span) -> Diagnostic:
    """R153: comparisons in a chain.

    A comparison gives true or false, which is not compared again.

    Bad::

        allow read on orders when 0 < claims.risk < 50

    Good::

        allow read on orders when claims.risk > 0 and claims.risk < 50
    """
    return Diagnostic(
        "R153", "comparisons do not chain", (Label(at, "a second test"),), help=("join two comparisons with `and`",)
    )


def chained_coalesce(at: Span) -> Diagnostic:
    """R154: `??` more than once.

    `??` gives one reference one default.

    Bad::

        deny risky on orders when claims.risky ?? claims.odd ?? true

    Good::

        deny risky on orders when claims.risky ?? true
    """
    return Diagnostic("R154", "`??` is used once", (Label(at, "a second default"),))


def single_equals(at: Span) -> Diagnostic:
    """R155: `=` where two values are compared.

    `=` gives a `let` its value; equality is `==`.

    Bad::

        allow vip on orders when claims.plan = "gold"

    Good::

        allow vip on orders when claims.plan == "gold"
    """
    return Diagnostic("R155", "`=` does not compare", (Label(at),), help=("write ==",))
