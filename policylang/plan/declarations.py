"""Declarations of a checked module as a plan's: types, claims, issuers, amounts, patterns, in canonical order."""

from policylang.check import model as checked
from policylang.plan import model
from policylang.plan.draft import header_exprs, reference, token_exprs
from policylang.plan.model import Expr
from policylang.typesys import terms


def type_term(term: terms.Type) -> Expr:
    """A type as a plan's tuple.

    >>> type_term(terms.SetOf(terms.Text(1, 64)))
    ('set', ('text', 1, 64))
    """
    match term:
        case terms.SetOf(item):
            return ("set", type_term(item))
        case terms.Text(low, high):
            return ("text", low, high)
        case terms.Int(low, high):
            return ("int", low, high)
        case terms.Enum(values):
            return ("enum", *sorted(set(values)))
        case _:
            return (type(term).__name__.lower(),)


def constant(value: checked.Value | None) -> tuple[str | int | bool | tuple[str, ...], ...] | None:
    """A constant of a declaration: None, or a tuple of one, sets sorted."""
    if value is None:
        return None
    return (tuple(sorted(value)),) if isinstance(value, frozenset) else (value,)


def claim(declared: checked.Claim) -> model.Claim:
    """How one claim or metadata field is decoded."""
    return model.Claim(
        name=declared.name,
        type=type_term(declared.type),
        source=declared.source,
        optional=declared.optional,
        default=constant(declared.default),
        always=constant(declared.always),
        split=declared.split,
        null_as_absent=declared.null_as_absent,
    )


def claims(declared: tuple[checked.Claim, ...]) -> tuple[model.Claim, ...]:
    """Claims in the order of their names."""
    return tuple(claim(c) for c in sorted(declared, key=lambda c: c.name))


def issuer(declared: checked.Issuer, at: int) -> model.Issuer:
    """An issuer; algorithms and audiences are sets, and sorted."""
    return model.Issuer(
        name=declared.name,
        iss=declared.iss,
        keys=model.Keys(declared.keys.kind, declared.keys.value),
        algorithms=tuple(sorted(set(declared.algorithms))),
        audience=tuple(sorted(set(declared.audience))),
        leeway_micros=declared.leeway_micros,
        lifetime_micros=declared.lifetime_micros,
        marked=None if declared.marked is None else model.Mark(*declared.marked),
        identity=declared.identity,
        credential=model.Credential(declared.credential.kind, declared.credential.name),
        claims=claims(declared.claims),
        at=at,
    )


def rate(declared: checked.Rate) -> model.Rate:
    """A rate."""
    return model.Rate(declared.count, declared.per_micros, declared.burst)


def quota(declared: checked.Quota) -> model.Quota:
    """A quota: an integer period is the length of an anchored window; calendar windows are in UTC unless said."""
    zone = declared.zone or "UTC"
    if isinstance(declared.period, int):
        return model.Quota(declared.count, "anchored", declared.period, zone, declared.lease)
    return model.Quota(declared.count, declared.period, 0, zone, declared.lease)


def concurrency(declared: checked.Concurrency) -> model.Concurrency:
    """A concurrency."""
    return model.Concurrency(declared.count, declared.hold_micros)


def policy(declared: checked.Policy, at: int) -> model.Policy:
    """A policy."""
    return model.Policy(
        name=declared.name,
        rate=None if declared.rate is None else rate(declared.rate),
        quota=None if declared.quota is None else quota(declared.quota),
        grants=tuple(sorted(declared.grants)),
        at=at,
        concurrency=None if declared.concurrency is None else concurrency(declared.concurrency),
    )


def segment(declared: checked.Segment) -> model.Segment:
    """A segment of a path, or a label of a host."""
    return model.Segment(declared.kind, declared.text, None if declared.type is None else type_term(declared.type))


def patterns(declared: tuple[checked.Pattern, ...]) -> tuple[model.Pattern, ...]:
    """Patterns sorted by path, one for each path, with all the methods that the route takes there."""
    methods: dict[tuple[model.Segment, ...], set[str]] = {}
    for pattern in declared:
        methods.setdefault(tuple(segment(s) for s in pattern.segments), set()).update(pattern.methods)
    return tuple(model.Pattern(tuple(sorted(methods[path])), path) for path in sorted(methods, key=_spelling))


def hosts(declared: tuple[checked.Host, ...]) -> tuple[tuple[model.Segment, ...], ...]:
    """Host patterns, sorted, each once."""
    return tuple(sorted({tuple(segment(label) for label in host.labels) for host in declared}, key=_spelling))


def set_header(declared: checked.SetHeader, binding: model.Binding, at: int) -> model.SetHeader:
    """A header to set: from a template, a set or a secret."""
    exprs, value = header_exprs(declared), declared.value
    joined = value if isinstance(value, checked.Joined) else None
    return model.SetHeader(
        direction=declared.direction,
        name=declared.name,
        parts=() if joined else exprs,
        joined=exprs[0] if joined else None,
        separator=joined.separator if joined else "",
        secret=value.name if isinstance(value, checked.SecretValue) else None,
        omit=declared.omit,
        binding=binding,
        at=at,
    )


def token(declared: checked.IdentityToken, binding: model.Binding, at: int) -> model.Token:
    """An identity token, its claims in the order of their names."""
    subject, *values = token_exprs(declared)
    names = sorted(name for name, _ in declared.claims)
    return model.Token(
        name=declared.name,
        audience=declared.audience,
        subject=subject,
        lifetime_micros=declared.lifetime_micros,
        header=declared.header,
        bearer=declared.bearer,
        claims=tuple(model.MintedClaim(name, value) for name, value in zip(names, values, strict=True)),
        binding=binding,
        at=at,
    )


def limit(declared: checked.Limit, at: int) -> model.Limit:
    """A limit beyond a policy's."""
    key, amount = declared.key, declared.amount
    return model.Limit(
        name=declared.name,
        by="ref" if isinstance(key, checked.Ref) else key,
        key=reference(key) if isinstance(key, checked.Ref) else None,
        rate=rate(amount) if isinstance(amount, checked.Rate) else None,
        quota=quota(amount) if isinstance(amount, checked.Quota) else None,
        on_outage=declared.on_outage,
        at=at,
        concurrency=concurrency(amount) if isinstance(amount, checked.Concurrency) else None,
    )


def _spelling(segments: tuple[model.Segment, ...]) -> list[tuple[str, str, str]]:
    return [(s.kind, s.text, repr(s.type)) for s in segments]
