"""Complaints about what an expression names: claims, metadata, captures, headers, issuers and lets, R200 to R217.

One constructor each; its docstring is its page.
"""

from collections.abc import Sequence

from policylang.check.wording import did_you_mean, names, some_names
from policylang.diagnostics.model import Diagnostic, Edit, Label
from policylang.source.spans import Span


def unknown_let(name: str, span: Span, near: str | None, likely: str | None) -> Diagnostic:
    """R200: a bare name stands in an expression, and no `let` has it.

    Claims, metadata and captures are named with their root (`claims.tenant`); a bare name is always a `let`.

    Bad::

        let own_tenant = claims.tenant == path.tenant
        deny cross_tenant on orders when not own_tennant

    Good::

        let own_tenant = claims.tenant == path.tenant
        deny cross_tenant on orders when not own_tenant
    """
    meant = near or likely
    fix = did_you_mean(meant) or (f"declare it: `let {name} = …`, or name a claim with its root: `claims.{name}`",)
    edits = () if meant is None else (Edit(span, meant),)
    return Diagnostic("R200", f"there is no let `{name}`", (Label(span, "not declared"),), help=fix, edits=edits)


def unknown_claim(name: str, span: Span, near: str | None) -> Diagnostic:
    """R201: an expression names a claim that no issuer declares.

    Only declared claims are read from a token, so an undeclared one can never have a value. ``near`` is the whole
    reference that may have been meant.

    Bad::

        deny risky on orders when claims.scroe > 50

    Good::

        deny risky on orders when claims.score > 50
    """
    fix = did_you_mean(near) or (f"declare it in the issuers that send it:  claims {{ {name}: text optional }}",)
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic(
        "R201", f"no issuer declares a claim `{name}`", (Label(span, "not declared"),), help=fix, edits=edits
    )


def claim_out_of_reach(
    name: str, span: Span, declared: Sequence[tuple[str, Span]], reached: Sequence[str], route: str
) -> Diagnostic:
    """R202: a claim is declared, but by no issuer whose tokens reach this place.

    The routes in scope trust other issuers, or an `issuer is …` beside the claim leaves only others. The claim would
    be absent in every request.

    Bad::

        # only `hooks` declares `events`, and `orders` does not trust it
        allow paid on orders when "order.paid" in claims.events

    Good::

        allow paid on hook when "order.paid" in claims.events
    """
    owners = [issuer for issuer, _ in declared]
    who = f"tokens of {some_names(reached)}" if reached else "anonymous requests"
    labels = (Label(span, f"{who} have no such claim"), Label(declared[0][1], f"declared by `{owners[0]}`"))
    return Diagnostic(
        "R202",
        f"the claim `{name}` is declared by {some_names(owners)} only, whose tokens do not reach here",
        labels,
        help=(f"let route `{route}` trust {names(owners[:1])}, or declare `{name}` where it is wanted",),
    )


def kinds_differ(what: str, span: Span, first: tuple[str, str, Span], other: tuple[str, str, Span]) -> Diagnostic:
    """R203: a claim has types of different kinds in the issuers that reach a rule.

    One expression works on all tokens that reach it, so a claim must be of one kind: ranges and lists of values may
    differ, text and int may not. The same holds for a capture on several routes. Each of ``first`` and ``other`` is
    (who declares it, the type in words, where).

    Bad::

        # staff: `level: int 0..9`, partner: `level: text`
        deny low on mixed when claims.level == "low"

    Good::

        deny low on mixed when issuer is partner and claims.level == "low"
    """
    places = [Label(where, words) for _, words, where in (first, other) if where != span]
    return Diagnostic(
        "R203",
        f"{what} is {first[1]} for {first[0]} and {other[1]} for {other[0]}",
        (Label(span, "one expression cannot work on both"), *places),
        help=(
            "declare it with one kind everywhere, or write a rule for each, narrowed by `issuer is …` or by its routes",
        ),
    )


def no_metadata(name: str, span: Span) -> Diagnostic:
    """R207: an expression names metadata, and the rule set has no `metadata` block.

    Metadata are facts kept behind the gateway; the block declares which there are and how fresh they must be.

    Bad::

        # no metadata block
        deny blocked on orders when metadata.blocked

    Good::

        metadata { fresh within 30s   blocked: bool default false }
        deny blocked on orders when metadata.blocked
    """
    return Diagnostic(
        "R207",
        "the rule set declares no metadata",
        (Label(span),),
        help=(f"declare it:  metadata {{ fresh within 30s   {name}: … }}",),
    )


def unknown_metadata(name: str, span: Span, near: str | None, declared: Sequence[str]) -> Diagnostic:
    """R208: an expression names a metadata field that the `metadata` block does not declare.

    Bad::

        metadata { fresh within 30s   roles: set of slug default [] }
        allow see_ops on ops when "sre" in metadata.role

    Good::

        metadata { fresh within 30s   roles: set of slug default [] }
        allow see_ops on ops when "sre" in metadata.roles
    """
    fix = did_you_mean(near) or (f"the metadata fields are {some_names(sorted(declared))}",)
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic(
        "R208", f"there is no metadata field `{name}`", (Label(span, "not declared"),), help=fix, edits=edits
    )


def unknown_capture(name: str, span: Span, near: str | None) -> Diagnostic:
    """R209: an expression names a capture that no route has.

    `path.x` is what `{x: type}` took from the path or the host of the request.

    Bad::

        # route `orders` matches "/v1/{tenant: slug}/orders"
        deny cross_tenant on orders when claims.tenant != path.tennant

    Good::

        # route `orders` matches "/v1/{tenant: slug}/orders"
        deny cross_tenant on orders when claims.tenant != path.tenant
    """
    fix = did_you_mean(near) or (f"bind it in the pattern of the route: {{{name}: slug}}",)
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic("R209", f"no route binds `path.{name}`", (Label(span, "not bound"),), help=fix, edits=edits)


def capture_not_bound(name: str, span: Span, routes: Sequence[str]) -> Diagnostic:
    """R210: a rule names a capture that some route of its scope does not bind.

    Bad::

        deny cross_tenant on all when claims.tenant != path.tenant

    Good::

        deny cross_tenant on routes with path.tenant when claims.tenant != path.tenant
    """
    noun, verb = ("route", "binds") if len(routes) == 1 else ("routes", "bind")
    return Diagnostic(
        "R210",
        f"{noun} {some_names(routes)} {verb} no `path.{name}`",
        (Label(span, f"not bound on {some_names(routes)}"),),
        help=(f"narrow the scope:  on routes with path.{name}",),
    )


def no_select(span: Span, routes: Sequence[str]) -> Diagnostic:
    """R211: a rule reads `policy.grants` on a route for which no policy is selected.

    Bad::

        select policy on ops { use reader otherwise }
        allow read on orders when "orders:read" in policy.grants

    Good::

        select policy on orders, ops { use reader otherwise }
        allow read on orders when "orders:read" in policy.grants
    """
    noun = "route" if len(routes) == 1 else "routes"
    return Diagnostic(
        "R211",
        f"no policy is selected on {noun} {some_names(routes)}",
        (Label(span, "has no value there"),),
        help=(f"select one:  select policy on {', '.join(routes[:3])} {{ … }}",),
    )


def unknown_member(root: str, name: str, span: Span, member: str) -> Diagnostic:
    """R212: `policy`, `client` or `peer` is asked for something that it does not have.

    There are `policy.grants`, `client.ip` and `peer.ip`, and nothing else.

    Bad::

        deny outside on ops when client.address not in ["10.0.0.0/8"]

    Good::

        deny outside on ops when client.ip not in ["10.0.0.0/8"]
    """
    meant = f"{root}.{member}"
    return Diagnostic(
        "R212",
        f"`{root}` has no `{name}`",
        (Label(span),),
        help=(f"there is only `{meant}`",),
        edits=(Edit(span, meant),),
    )


def unknown_issuer(name: str, span: Span, near: str | None, declared: Sequence[str]) -> Diagnostic:
    """R213: `issuer is` names no declared issuer.

    Bad::

        deny weak_login on orders when issuer is staf and claims.acr != "mfa"

    Good::

        deny weak_login on orders when issuer is staff and claims.acr != "mfa"
    """
    fix = did_you_mean(near) or (f"the issuers are {some_names(sorted(declared))}, and there is `anonymous`",)
    edits = () if near is None else (Edit(span, near),)
    return Diagnostic("R213", f"there is no issuer `{name}`", (Label(span, "not declared"),), help=fix, edits=edits)


def issuer_out_of_reach(name: str, span: Span, reached: Sequence[str], route: str) -> Diagnostic:
    """R214: `issuer is` names an issuer that no route in scope trusts.

    The test would have the same answer for every request. ``reached`` are those that the routes do trust.

    Bad::

        # route `ops` trusts staff only
        deny outside on ops when issuer is partner and client.ip not in ["10.0.0.0/8"]

    Good::

        deny outside on ops when client.ip not in ["10.0.0.0/8"]
    """
    return Diagnostic(
        "R214",
        f"no route in scope trusts `{name}`" if name != "anonymous" else "no route in scope takes anonymous requests",
        (Label(span, f"the routes in scope trust {some_names(reached)}"),),
        help=(f"let route `{route}` trust `{name}`, or take the test out",),
    )


def header_not_readable(name: str, span: Span, reason: str) -> Diagnostic:
    """R215: an expression reads a header that rules cannot read.

    Framing, connection and forwarding fields and `Host` are the gateway's to interpret; what they say in a rule is
    what a client wrote into them. A credential is read by the gateway alone.

    Bad::

        deny outside on ops when header["X-Forwarded-For"] absent

    Good::

        deny outside on ops when client.ip not in ["10.0.0.0/8"]
    """
    return Diagnostic("R215", f"a rule cannot read the header `{name}`", (Label(span),), help=(reason,))


def let_cycle(path: Sequence[str], span: Span, others: Sequence[Span]) -> Diagnostic:
    """R216: a `let` that an expression uses leads back to itself.

    A `let` is put in where it is named; one that names itself, directly or by others, never ends.

    Bad::

        let strong = recent and claims.acr == "mfa"
        let recent = strong or not (claims.auth_time older than 15min)
        allow pay on orders when strong

    Good::

        let strong = recent and claims.acr == "mfa"
        let recent = not (claims.auth_time older than 15min)
        allow pay on orders when strong
    """
    circle = " needs ".join(f"`{name}`" for name in (*path, path[0]))
    return Diagnostic(
        "R216",
        f"the let `{path[0]}` is defined by itself",
        (Label(span, circle), *(Label(other, "and on through here") for other in others)),
        help=("write the expression of one of them out",),
    )


def expression_too_large(span: Span, measure: str, limit: int) -> Diagnostic:
    """R217: an expression is too large, or nested too deeply, once its lets are put in.

    Lets that name lets twice double with every step; the cap keeps the plan small enough to load.

    Bad: a chain of thirty lets, each of which names the one before it twice.

    Good: a list of values behind one `in`, or several rules.
    """
    return Diagnostic(
        "R217",
        f"with its lets put in, this expression has more than {limit:,} {measure}",
        (Label(span),),
        help=("name fewer lets in it, or make it several rules",),
    )
