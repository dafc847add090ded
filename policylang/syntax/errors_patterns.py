"""Complaints about path and host patterns, codes R450 to R479. A docstring here is its code's page in the docs."""

from policylang.diagnostics.model import Diagnostic, Label
from policylang.diagnostics.quote import quoted
from policylang.source.spans import Span


def no_leading_slash(at: Span) -> Diagnostic:
    """R450: a path pattern that does not begin with a slash.

    A request's path begins with a slash, and a pattern is compared segment by segment from there.

    Bad::

        route a { match GET on "orders/**"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/orders/**"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic("R450", "a path pattern begins with `/`", (Label(at, "no leading slash"),))


def too_many_segments(at: Span, cap: int) -> Diagnostic:
    """R451: a path pattern with too many segments.

    A pattern has at most 64 segments, so that matching a request has a bound.

    Bad: a pattern of 100 segments.

    Good: `"/v1/**"`.
    """
    return Diagnostic("R451", f"a path pattern has at most {cap} segments", (Label(at),))


def rest_not_last(at: Span) -> Diagnostic:
    """R452: `**` before the end of a pattern.

    `**` stands for all remaining segments, so nothing can follow it: matching never goes back and tries again.

    Bad::

        route a { match GET on "/v1/**/edit"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/v1/{id: slug}/edit"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic(
        "R452",
        "`**` is only allowed as the last segment",
        (Label(at, "segments follow"),),
        help=("use `*` or a capture such as `{id: slug}` for one segment in the middle",),
    )


def empty_segment(at: Span) -> Diagnostic:
    """R453: an empty segment inside a path pattern.

    A request whose path holds `//` is refused with 400, so such a pattern would never match. An empty last segment (a
    trailing slash) is a path of its own.

    Bad::

        route a { match GET on "/v1//orders"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/v1/orders"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic("R453", "a path pattern has an empty segment", (Label(at, "two slashes"),))


def partial_capture(at: Span) -> Diagnostic:
    """R454: a capture that is part of a segment, or a brace that is not closed.

    A capture stands for one whole segment: what it holds is then exactly what the client sent between two slashes.

    Bad::

        route a { match GET on "/files/{name: slug}.json"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/files/{name: text(1..64)}"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic(
        "R454",
        "a capture is one whole segment",
        (Label(at, "braces within a segment"),),
        help=("write `{name: type}` alone between two slashes (dots, in a host)",),
    )


def partial_star(at: Span) -> Diagnostic:
    """R455: a star that is part of a segment.

    `*` stands for one whole segment and `**` for all that remain. A star that means itself is written `\\u{2a}`.

    Bad::

        route a { match GET on "/v*/orders"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/*/orders"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic("R455", "`*` stands for a whole segment", (Label(at, "a star within a segment"),))


def dot_segment(at: Span, text: str) -> Diagnostic:
    """R456: a dot segment in a path pattern.

    A request whose path holds `.` or `..`, in any encoding, is refused with 400: such a pattern would never match.

    Bad::

        route a { match GET on "/v1/../admin"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/admin"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic("R456", f"`{text}` cannot be a segment of a path pattern", (Label(at, "a dot segment"),))


def percent_encoded(at: Span) -> Diagnostic:
    """R457: percent-encoding in a path pattern.

    Requests are decoded once and compared as text, so a pattern is written decoded; an encoded one would be compared
    with the wrong thing.

    Bad::

        route a { match GET on "/caf%C3%A9"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/café"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic(
        "R457",
        "a path pattern is written decoded",
        (Label(at, "percent-encoded"),),
        help=("write the character itself, such as a blank for %20",),
    )


def never_requested(at: Span) -> Diagnostic:
    """R458: a character that no accepted request has in its path.

    Encoded slashes, backslashes, semicolons and control characters are refused with 400 before routing.

    Bad::

        route a { match GET on "/a;v=1"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/a"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic(
        "R458",
        "no accepted request has this in its path",
        (Label(at),),
        notes=("a path with an encoded slash, a backslash, `;` or a control character is refused with 400",),
    )


def not_path(at: Span) -> Diagnostic:
    """R459: a query or a fragment in a path pattern.

    Routes are chosen by the path alone. A question mark or a hash that is part of the path is written as an escape,
    `\\u{3f}` or `\\u{23}`.

    Bad::

        route a { match GET on "/search?q=1"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/search"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic("R459", "a path pattern holds no query and no fragment", (Label(at),))


def bad_capture_name(at: Span, name: str) -> Diagnostic:
    """R460: a capture without a proper name.

    A capture's name begins with a lower-case letter and goes on with lower-case letters, digits and underscores.

    Bad::

        route a { match GET on "/{Tenant: slug}"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/{tenant: slug}"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    said = f"{quoted(name)} is not a name" if name else "a capture needs a name"
    return Diagnostic("R460", said, (Label(at),), help=("write it as {tenant: slug}",))


def untyped_capture(at: Span, name: str) -> Diagnostic:
    """R461: a capture that does not say its type.

    The type decides which segments match: what does not fit goes to the next route, never to a rule.

    Bad::

        route a { match GET on "/{tenant}"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/{tenant: slug}"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic("R461", "a capture says its type", (Label(at),), help=(f"write {{{name}: slug}}",))


def bad_capture_type(at: Span, written: str) -> Diagnostic:
    """R462: a type that a capture cannot have.

    A capture is one segment of text: `slug`, `text`, `text(1..64)`, `email` or `int 0..9`.

    Bad::

        route a { match GET on "/{ids: set of slug}"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/{id: slug}"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    said = f"{quoted(written)} is not a capture's type" if written else "the type is missing"
    return Diagnostic("R462", said, (Label(at),), help=("use slug, text, text(1..64), email or int 0..9",))


def repeated_capture(at: Span, first: Span, name: str) -> Diagnostic:
    """R463: two captures of one name.

    Within a pattern a name stands for one segment: the second would hide the first.

    Bad::

        route a { match GET on "/{id: slug}/{id: slug}"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/{order: slug}/{line: slug}"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic(
        "R463", f"the capture `{name}` is there twice", (Label(at, "again here"), Label(first, "first here"))
    )


def bad_host_label(at: Span, reason: str) -> Diagnostic:
    """R464: a host pattern that no host can equal.

    Hosts are compared in lower case, without port and without a trailing dot, label by label.

    Bad::

        route a { match GET on "/a"  host "api.example.com:443"  trust anonymous  upstream "http://127.0.0.1:9000" }

    Good::

        route a { match GET on "/a"  host "api.example.com"  trust anonymous  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic("R464", "this is not a host pattern", (Label(at, reason),))
