"""Complaints about routes. One constructor each; its docstring is its page."""

from policylang.check.wording import names
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def connect_route(span: Span) -> Diagnostic:
    """R300: a route matches CONNECT.

    CONNECT asks for a tunnel to any host. The gateway refuses it before any route is looked at.

    Bad::

        route orders { match CONNECT on "/orders"  trust corp  upstream "http://127.0.0.1:9000" }

    Good::

        route orders { match GET on "/orders"  trust corp  upstream "http://127.0.0.1:9000" }
    """
    return Diagnostic(
        "R300",
        "no route can match CONNECT",
        (Label(span),),
        help=("remove it: the gateway opens no tunnels",),
    )


def capture_missing(route: str, missing: tuple[str, ...], span: Span, other: Span) -> Diagnostic:
    """R301: the patterns of one route capture different things.

    A rule on a route may name any of its captures, whichever pattern a request came by; so every pattern (and every
    host) must bind the same names.

    Bad::

        route orders {
          match GET on "/v1/{tenant: slug}/orders", "/v2/orders"  trust corp  upstream "http://127.0.0.1:9000"
        }

    Good::

        route orders {
          match GET on "/v1/{tenant: slug}/orders", "/v2/{tenant: slug}/orders"
          trust corp  upstream "http://127.0.0.1:9000"
        }
    """
    return Diagnostic(
        "R301",
        f"this pattern of route `{route}` does not capture {names(missing)}",
        (Label(span), Label(other, "another pattern of the route does")),
        help=("capture the same names in every pattern, or make it a route of its own",),
    )


def capture_retyped(name: str, one: str, other: str, span: Span, first: Span) -> Diagnostic:
    """R302: one capture has different types in the patterns of a route.

    Bad::

        route orders {
          match GET on "/v1/{id: slug}", "/v2/{id: int 1..99}"  trust corp  upstream "http://127.0.0.1:9000"
        }

    Good::

        route orders {
          match GET on "/v1/{id: slug}", "/v2/{id: slug}"  trust corp  upstream "http://127.0.0.1:9000"
        }
    """
    return Diagnostic(
        "R302",
        f"the capture `{name}` is {other} here and {one} in another pattern of the route",
        (Label(span, other), Label(first, one)),
        help=("give it one type, or another name in a route of its own",),
    )


def capture_in_both(name: str, span: Span, first: Span) -> Diagnostic:
    """R303: path and host of a route capture the same name.

    Which of the two would `path.tenant` be?

    Bad::

        route orders {
          match GET on "/{tenant: slug}/orders"  host "{tenant: slug}.api.example.com"
          trust corp  upstream "http://127.0.0.1:9000"
        }
        deny elsewhere on orders when path.tenant != claims.tenant

    Good::

        route orders {
          match GET on "/{tenant: slug}/orders"  host "{home: slug}.api.example.com"
          trust corp  upstream "http://127.0.0.1:9000"
        }
        deny elsewhere on orders when path.tenant != path.home
    """
    return Diagnostic(
        "R303",
        f"`{name}` is captured from the host and from the path",
        (Label(span, "captured again"), Label(first, "captured first")),
        help=("give one of the two another name",),
    )


def upstream_unfit(reason: str, span: Span) -> Diagnostic:
    """R304: an upstream is more or less than scheme, host and port.

    The path that was authorised is the path that is sent, byte for byte. A prefix is put before it with `add prefix`.

    Bad::

        route orders { match GET on "/orders"  trust corp  upstream "http://127.0.0.1:9000/api" }

    Good::

        route orders { match GET on "/orders"  trust corp  upstream "http://127.0.0.1:9000"  add prefix "/api" }
    """
    return Diagnostic(
        "R304",
        f"this is no upstream: {reason}",
        (Label(span),),
        help=('write scheme, host and port, and a path as a prefix:  upstream "http://host:9000"  add prefix "/api"',),
    )


def prefix_malformed(word: str, reason: str, span: Span) -> Diagnostic:
    """R305: a prefix is no run of whole path segments.

    Prefixes are taken off and put before paths segment by segment, so that `/v1` never cuts `/v10` in two.

    Bad::

        route orders { match GET on "/v1/orders"  trust corp  upstream "http://127.0.0.1:9000"  add prefix "api/" }

    Good::

        route orders { match GET on "/v1/orders"  trust corp  upstream "http://127.0.0.1:9000"  add prefix "/api" }
    """
    return Diagnostic(
        "R305",
        f"the prefix to {word} {reason}",
        (Label(span),),
        help=('write whole segments, each with its slash before it:  "/api/v2"',),
    )


def prefix_not_stripped(prefix: str, span: Span, pattern: Span) -> Diagnostic:
    """R306: a prefix is to be taken off that a pattern of the route does not begin with.

    Only literal segments can be stripped, and every pattern of the route must begin with them.

    Bad::

        route orders { match GET on "/v2/orders"  trust corp  upstream "http://127.0.0.1:9000"  strip prefix "/v1" }

    Good::

        route orders { match GET on "/v1/orders"  trust corp  upstream "http://127.0.0.1:9000"  strip prefix "/v1" }
    """
    return Diagnostic(
        "R306",
        f"not every path of this route begins with `{prefix}`",
        (Label(span), Label(pattern, "this one does not")),
        help=("strip literal segments that all patterns begin with, or make it a route of its own",),
    )


def routes_tie(one: str, other: str, methods: tuple[str, ...], span: Span, first: Span) -> Diagnostic:
    """R307: two routes match the same requests, and neither is more specific.

    A literal wins over a capture, a capture over `*`, `*` over `**`, and a host over none. Where all that is equal, the
    order of files would decide, and order never means anything in a rule set. Captures tie whatever their types.

    Bad::

        route orders { match GET on "/v1/{tenant: slug}/orders"  trust corp  upstream "http://127.0.0.1:9000" }
        route items  { match GET on "/v1/{shop: text}/orders"    trust corp  upstream "http://127.0.0.1:9001" }
        allow items on items always

    Good::

        route orders { match GET on "/v1/{tenant: slug}/orders"  trust corp  upstream "http://127.0.0.1:9000" }
        route items  { match GET on "/v1/{shop: text}/items"     trust corp  upstream "http://127.0.0.1:9001" }
        allow items on items always
    """
    who = f"two patterns of route `{one}`" if one == other else f"the routes `{one}` and `{other}`"
    return Diagnostic(
        "R307",
        f"{who} match the same {names(methods)} requests",
        (Label(span, f"route `{other}`"), Label(first, f"route `{one}`")),
        help=("make the paths, hosts or methods differ, or remove one of the two",),
    )


def nothing_allowed(name: str, span: Span) -> Diagnostic:
    """R308: no `allow` reaches a route, so nothing would ever pass.

    A request is allowed when some `allow` in its scope is true; without one, every request is denied.

    Bad::

        route reports { match GET on "/reports/**"  trust corp  upstream "http://127.0.0.1:9001" }

    Good::

        route reports { match GET on "/reports/**"  trust corp  upstream "http://127.0.0.1:9001" }
        allow see_reports on reports when "reports:read" in claims.scope
    """
    return Diagnostic(
        "R308",
        f"no `allow` reaches route `{name}`: nothing would ever pass",
        (Label(span),),
        help=(f"say who may use it:  allow use_{name} on {name} when …",),
    )


def method_nowhere(method: str, having: tuple[str, ...], near: str | None, span: Span) -> Diagnostic:
    """R309: a rule is for a method that none of its routes has.

    The rule would never be asked. HEAD and OPTIONS are not implied by GET.

    Bad::

        deny no_patch on orders for PATCH when claims.risk absent

    Good::

        deny no_post on orders for POST when claims.risk absent
    """
    fix = f"did you mean `{near}`?" if near else f"the routes in scope have {names(having)}"
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic("R309", f"no route in scope has the method {method}", (Label(span),), help=(fix,), edits=edits)


def until_on_deny(span: Span) -> Diagnostic:
    """R310: a `deny` has an `until`.

    A deny that ends by itself opens a door at an instant that nobody watches. Allows and shadow rules may end: what
    comes after is less, not more.

    Bad::

        deny frozen on orders when claims.risk absent until 2030-01-01T00:00:00Z

    Good::

        deny frozen on orders when claims.risk absent
    """
    return Diagnostic(
        "R310",
        "a deny cannot end by itself",
        (Label(span),),
        help=("remove `until`, and remove the rule when its time has come",),
    )


def step_up_elsewhere(effect: str, span: Span) -> Diagnostic:
    """R311: `answer step_up` on a rule that gives no answer.

    Only a `deny` can ask for a stronger login (RFC 9470); an allow or a shadow rule says nothing to the client.

    Bad::

        allow strong on orders when claims.risk absent answer step_up "mfa"

    Good::

        deny weak on orders when claims.risk absent answer step_up "mfa"
    """
    return Diagnostic(
        "R311",
        f"`answer step_up` belongs to a deny, and this is {'an' if effect[0] == 'a' else 'a'} {effect}",
        (Label(span),),
        help=("remove it, or put the condition into a deny",),
    )


def step_up_malformed(span: Span) -> Diagnostic:
    r"""R312: the authentication context to ask for cannot stand in a challenge.

    The value goes into `acr_values` of `WWW-Authenticate` (RFC 9470 section 3), where blanks separate values.

    Bad::

        deny weak on orders when claims.risk absent answer step_up "level 2"

    Good::

        deny weak on orders when claims.risk absent answer step_up "level2"
    """
    return Diagnostic(
        "R312",
        "this is no authentication context class",
        (Label(span),),
        help=('use one value of printable ASCII without blanks, quotes and backslashes:  answer step_up "mfa"',),
    )
