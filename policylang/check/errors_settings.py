"""Complaints about settings and their values. One constructor each; its docstring is its page."""

from collections.abc import Sequence

from policylang.check.wording import did_you_mean, some_names
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span


def setting_missing(name: str, type_: str, span: Span) -> Diagnostic:
    """R270: the environment has no value for a setting.

    A setting has no default: a gateway that starts with a guessed address sends requests to the wrong place.

    Bad::

        # env: spare_url = "http://127.0.0.1:9000"
        setting orders_url url
        setting spare_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url, setting.spare_url }

    Good::

        # env: orders_url = "http://127.0.0.1:9000"
        setting orders_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url }
    """
    example = {"url": '"https://…"', "text": '"…"', "int": "1"}[type_]
    return Diagnostic(
        "R270",
        f"the environment has no value for setting `{name}`",
        (Label(span, f"{_WANTED[type_]} is wanted"),),
        help=(f"add to the environment's file:  {name} = {example}",),
    )


def settings_extra(unknown: Sequence[str], spans: Sequence[Span], near: str | None, declared: Span) -> Diagnostic:
    """R271: the environment has a value for a setting that these rules do not declare.

    It is most often a misspelling, and then the setting that was meant has no value. ``spans`` are the places of the
    names in the environment's file, none where it has no text; ``declared`` is where settings are declared.

    Bad::

        # env: ordrs_url = "http://127.0.0.1:9000"
        setting orders_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url }

    Good::

        # env: orders_url = "http://127.0.0.1:9000"
        setting orders_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url }
    """
    return Diagnostic(
        "R271",
        f"the environment has a value for {some_names(unknown)}, which the rules do not declare",
        tuple(Label(span, "no such setting is declared") for span in spans)
        or (Label(declared, "settings are declared here" if near else "no such setting is declared"),),
        help=did_you_mean(near)
        or (f"declare it (`setting {unknown[0]} …`), or remove it from the environment's file",),
    )


def setting_mistyped(name: str, type_: str, given: str, span: Span) -> Diagnostic:
    """R272: the environment's value for a setting has another type than the setting.

    Bad::

        # env: orders_url = 9000
        setting orders_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url }

    Good::

        # env: orders_url = "http://127.0.0.1:9000"
        setting orders_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url }
    """
    return Diagnostic(
        "R272",
        f"the environment's value for setting `{name}` is {given}, not {_WANTED[type_]}",
        (Label(span, "declared here"),),
        help=("correct the value in the environment's file, or the type of the setting",),
    )


def setting_malformed(name: str, type_: str, reason: str, span: Span) -> Diagnostic:
    """R273: the environment's value for a setting is no URL, or no printable text.

    The value itself is not repeated in the complaint: it may hold a password.

    Bad::

        # env: orders_url = "orders:9000"
        setting orders_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url }

    Good::

        # env: orders_url = "http://orders:9000"
        setting orders_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url }
    """
    return Diagnostic(
        "R273",
        f"the environment's value for setting `{name}` is not {_WANTED[type_]}: {reason}",
        (Label(span, "declared here"),),
        help=("correct the value in the environment's file",),
    )


def setting_misused(name: str, type_: str, place: str, wanted: str, *, span: Span, declared: Span) -> Diagnostic:
    """R274: a setting stands where its type does not fit.

    Bad::

        setting orders_host text
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_host }

    Good::

        setting orders_url url
        route orders { match GET on "/orders"  trust corp  upstream setting.orders_url }
    """
    return Diagnostic(
        "R274",
        f"{place} needs {_WANTED[wanted]}, and setting `{name}` is {_WANTED[type_]}",
        (Label(span, f"declared as {type_}"), Label(declared, "declared here")),
        help=(f"declare it as:  setting {name} {wanted}",),
    )


_WANTED = {"url": "a URL", "text": "a text", "int": "a number"}
