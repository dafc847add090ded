"""Complaints about the shape of files and items, codes R100 to R114. A docstring here is its code's page in the docs."""

from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.diagnostics.quote import quoted
from policylang.source.spans import Span

LATER = "R106"


def missing_language(at: Span) -> Diagnostic:
    """R100: a file that does not begin with its language version.

    The version fixes the reserved words, so a file says it first.

    Bad: `issuer corp { … }` as the first line.

    Good: `language 1`, then the rest.
    """
    return Diagnostic("R100", "a rules file begins with `language 1`", (Label(at),), help=("write `language 1` first",))


def unknown_language(at: Span, version: str) -> Diagnostic:
    """R101: a language version that this compiler does not know.

    Bad: `language 7`.

    Good: `language 1`.
    """
    return Diagnostic(
        "R101", f"language version {quoted(version)} is unknown", (Label(at, "this compiler reads version 1"),)
    )


def repeated_language(at: Span) -> Diagnostic:
    """R102: a language version that is not the first thing in its file.

    Bad: two lines `language 1`.

    Good: one, at the top.
    """
    return Diagnostic("R102", "`language` stands once, at the top of the file", (Label(at),))


def unexpected(at: Span, found: str, after: str, expected: str, help_: tuple[str, ...] = ()) -> Diagnostic:
    """R103: something else was expected.

    The title names what the grammar allows at this place.

    Bad::

        route { match GET on "/a" }

    Good::

        route a { match GET on "/a"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic(
        "R103", f"expected {expected} after {quoted(after)}", (Label(at, f"found {quoted(found)}"),), help=help_
    )


def unfinished(at: Span, item: str, expected: str, opened: Span | None) -> Diagnostic:
    """R104: an item that ends too early.

    The next item, or the end of the file, comes before this one is complete.

    Bad::

        request headers on a {
          set X-Mode "open"

    Good::

        request headers on a {
          set X-Mode "open"
        }
    """
    labels = (
        (Label(at, f"expected {expected}"),)
        if opened is None
        else (Label(at, f"expected {expected}"), Label(opened, "opened here"))
    )
    return Diagnostic("R104", f"this {item} is not finished", labels)


def unknown_item(at: Span, word: str, near: str | None) -> Diagnostic:
    """R105: a word that begins no item.

    At the top level a file has settings, secrets, issuers, keyrings, metadata, lets, policies, selects, routes, rules, headers,
    identity tokens, limits and tests.

    Bad::

        alow read on orders always

    Good::

        allow read on orders always
    """
    helps = (f"did you mean `{near}`?",) if near else ("an item begins with a word such as `route`, `allow` or `deny`",)
    edits = (Edit(at, near),) if near else ()
    return Diagnostic("R105", f"{quoted(word)} does not begin an item", (Label(at),), help=helps, edits=edits)


def comes_later(at: Span, what: str) -> Diagnostic:
    """R106: something that a later language version will have.

    Canaries and lists read from files are not part of version 1.

    Bad::

        list blocked of text from "lists/blocked.txt"

    Good::

        let blocked = claims.sub in ["mallory", "trent"]
    """
    return Diagnostic(LATER, f"{what} come with a later language version", (Label(at, "not in language 1"),))


def reserved_word(at: Span, word: str, wanted: str) -> Diagnostic:
    """R107: a reserved word in the place of a name.

    Reserved words are reserved everywhere, so that no rule can be read in two ways; `.name` and `name:` are free.

    Bad::

        policy limit { quota unlimited }

    Good::

        policy limited { quota unlimited }
    """
    return Diagnostic(
        "R107",
        f"`{word}` is a reserved word and cannot be {wanted}",
        (Label(at),),
        help=("choose another name, such as " + word + "_1",),
    )


def misspelled(at: Span, word: str, near: str) -> Diagnostic:
    """R108: a word that looks like a misspelled keyword.

    Only a few words can stand at any place; this one is not among them, and one of them looks like it.

    Bad::

        route a { match GET on "/a"  trust anonymous  upstraem "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/a"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic(
        "R108",
        f"{quoted(word)} is not a word for this place",
        (Label(at),),
        help=(f"did you mean `{near}`?",),
        edits=(Edit(at, near),),
    )


def nested_too_deeply(at: Span, cap: int) -> Diagnostic:
    """R109: brackets nested too deeply.

    Brackets, braces and parentheses nest at most 64 deep.

    Bad: a hundred opening parentheses.

    Good: name a part with `let`.
    """
    return Diagnostic("R109", f"brackets are nested deeper than {cap} levels", (Label(at),))


def stray_closing(at: Span, text: str) -> Diagnostic:
    """R110: a closing brace that closes nothing.

    Bad::

        route a { match GET on "/a"  trust anonymous  upstream "http://127.0.0.1:9000" } }

    Good::

        route a { match GET on "/a"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic("R110", f"this `{text}` closes nothing", (Label(at),))


def no_condition(at: Span, effect: str) -> Diagnostic:
    """R111: a rule without a condition.

    A condition is never missing by accident: a rule says `when …`, or `always`.

    Bad::

        allow read on orders for GET

    Good::

        allow read on orders for GET always
    """
    return Diagnostic(
        "R111",
        f"this {effect} has no condition",
        (Label(at, "expected `when …` or `always`"),),
        help=("write `always` if it holds for every request in its scope",),
    )
