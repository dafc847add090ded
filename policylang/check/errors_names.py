"""Complaints about names, repetitions and bounds. One constructor each; its docstring is its page."""

from collections.abc import Mapping

from policylang.check.wording import did_you_mean, names
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def duplicate_name(kind: str, name: str, again: Span, first: Span) -> Diagnostic:
    """R250: two declarations of one kind have the same name.

    Names are global for each kind: a rule in one file may name a route of another, so a name must mean one thing.
    Rules of every effect share one kind, because a decision names the rule that made it.

    Bad::

        policy free { rate 5 per 1s burst 10 }
        policy free { rate 50 per 1s burst 100 }

    Good::

        policy free { rate 5 per 1s burst 10 }
        policy gold { rate 50 per 1s burst 100 }
    """
    return Diagnostic(
        "R250",
        f"the {kind} `{name}` is declared twice",
        (Label(again, "declared again"), Label(first, "first declared here")),
        help=("give one of them another name, or remove it",),
    )


def unknown_name(kind: str, name: str, span: Span, near: str | None) -> Diagnostic:
    """R252: a name is used that nothing declares.

    A misspelt name would make a rule cover nothing, so every name must be declared somewhere in the rule set.

    Bad::

        deny stale on order when claims.risk absent

    Good::

        deny stale on orders when claims.risk absent
    """
    edits = () if near is None else (Edit(span, near),)
    fix = did_you_mean(near) or (f"declare it: `{_DECLARATION[kind]} {name} …`, or correct the name",)
    return Diagnostic("R252", f"there is no {kind} `{name}`", (Label(span, "not declared"),), help=fix, edits=edits)


_DECLARATION = {
    "setting": "setting",
    "secret": "secret",
    "issuer": "issuer",
    "keyring": "keyring",
    "policy": "policy",
    "route": "route",
    "limit": "limit",
    "identity token": "identity token",
    "fixture": "given",
    "shadow deny": "shadow deny",
    "shadow allow": "shadow allow",
}


def second_metadata(again: Span, first: Span) -> Diagnostic:
    """R253: there are two `metadata` blocks.

    The facts that are kept behind the gateway have one schema and one freshness for the whole rule set.

    Bad::

        metadata { fresh within 30s  roles: set of slug default [] }
        metadata { fresh within 10s  blocked: bool default false }

    Good::

        metadata { fresh within 10s  roles: set of slug default []  blocked: bool default false }
    """
    return Diagnostic(
        "R253",
        "metadata is declared twice",
        (Label(again, "declared again"), Label(first, "first declared here")),
        help=("put all its fields into one block",),
    )


def listed_twice(what: str, text: str, again: Span, first: Span) -> Diagnostic:
    """R254: one list has the same entry twice.

    The second entry changes nothing, so one of the two was probably meant to be something else.

    Bad::

        deny no_get on orders for GET, GET when claims.risk absent

    Good::

        deny no_get on orders for GET, POST when claims.risk absent
    """
    return Diagnostic(
        "R254",
        f"the {what} `{text}` is listed twice",
        (Label(again, "listed again"), Label(first, "first listed here")),
        help=("remove one of the two",),
    )


def field_repeated(owner: str, field: str, again: Span, first: Span) -> Diagnostic:
    """R255: a declaration has a field twice that may be there once.

    Which of the two counts would depend on their order, and order never means anything in a rule set.

    Bad::

        policy free { rate 5 per 1s burst 10  rate 50 per 1min burst 10 }

    Good::

        policy free { rate 5 per 1s burst 10  quota 1_000 per day }
    """
    return Diagnostic(
        "R255",
        f"{owner} has `{field}` twice",
        (Label(again, "given again"), Label(first, "first given here")),
        help=("keep one of the two",),
    )


def fields_missing(owner: str, examples: Mapping[str, str], span: Span) -> Diagnostic:
    """R256: a declaration lacks what it must have.

    There is no default that would be safe for it: whom to trust and where to send requests is always written down.

    Bad::

        route reports { match GET on "/reports/**"  trust corp }
        allow see_reports on reports always

    Good::

        route reports { match GET on "/reports/**"  trust corp  upstream "http://127.0.0.1:9001" }
        allow see_reports on reports always
    """
    lines = "\n".join(f"  {example}" for example in examples.values())
    return Diagnostic("R256", f"{owner} has no {names(examples)}", (Label(span),), help=(f"add:\n{lines}",))


def no_reference_here(place: str, span: Span) -> Diagnostic:
    r"""R257: a reference in braces stands in a text that is a constant.

    Only values of headers are templates. Everywhere else a text means itself, so that nothing a client sends can
    become part of a URL, an audience or a policy.

    Bad::

        policy free { grants "orders:{claims.plan}" }

    Good::

        policy free { grants "orders:\{plan\}" }
    """
    return Diagnostic(
        "R257",
        f"{place} is a constant: it takes no reference",
        (Label(span),),
        help=("write the text itself; a brace that is meant as a brace is written \\{ or \\}",),
    )


def duration_bounds(what: str, text: str, low: str, high: str, span: Span) -> Diagnostic:
    """R258: a duration is out of the bounds that its place has.

    The bounds keep a slip of a unit (`5h` for `5s`) from turning into a token that lives for hours or a request that
    waits for days.

    Bad::

        metadata { fresh within 90d  roles: set of slug default [] }

    Good::

        metadata { fresh within 90s  roles: set of slug default [] }
    """
    return Diagnostic(
        "R258",
        f"{what} of {text} is out of bounds",
        (Label(span, f"{low} to {high}"),),
        help=(f"choose a duration from {low} to {high}",),
    )


def number_bounds(what: str, value: int, low: int, high: int, span: Span) -> Diagnostic:
    """R259: a number is out of the bounds that its place has.

    A count of 0 would admit nothing, ever: a `deny` says that better. Counts end at 10^9, so that their arithmetic is
    exact in every store.

    Bad::

        policy none { rate 0 per 1s burst 10 }

    Good::

        policy few { rate 1 per 1min burst 1 }
    """
    return Diagnostic(
        "R259",
        f"{what} of {value:_} is out of bounds",
        (Label(span, f"{low:_} to {high:_}"),),
        help=(f"choose a number from {low:_} to {high:_}",),
    )


def empty_text(what: str, span: Span) -> Diagnostic:
    """R260: a text that must say something is empty.

    Bad::

        policy free { grants "" }

    Good::

        policy free { grants "orders:export" }
    """
    return Diagnostic("R260", f"{what} is empty", (Label(span),), help=("write at least one character",))


def unprintable_text(what: str, span: Span) -> Diagnostic:
    r"""R261: a constant has a character that cannot stand where it goes.

    Audiences, grants and the like travel in tokens, headers and logs; control characters have no place there.

    Bad::

        policy free { grants "orders\nexport" }

    Good::

        policy free { grants "orders:export" }
    """
    return Diagnostic(
        "R261",
        f"{what} has a character that cannot be printed",
        (Label(span),),
        help=("remove it; line breaks, tabs and other control characters are not allowed here",),
    )


def too_many(kind: str, count: int, limit: int, span: Span) -> Diagnostic:
    """R262: the rule set has more things of one kind than it may.

    The caps (20,000 routes, rules, headers and limits; 200 issuers; …) keep compiling and loading bounded in time and
    memory, whatever is fed to the compiler.

    Bad: a rule set with 20,001 routes.

    Good: two rule sets, each with a gateway of its own.
    """
    return Diagnostic(
        "R262",
        f"there are {count:_} {kind}",
        (Label(span, f"number {limit + 1:_}"),),
        help=(f"at most {limit:_} are possible: split the rule set",),
    )
