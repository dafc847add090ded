"""What a rule set reads: every reference of the checked module, with the routes on which it is read."""

from collections.abc import Iterator

from policylang.check import model
from policylang.linter.conditions import references

Use = tuple[tuple[str, ...], model.Ref]
"""The routes on which a reference is read, and the reference."""


def uses(module: model.CheckedModule) -> Iterator[Use]:
    """Every reference of every rule, select, header, identity token and limit."""
    for rule in module.rules:
        for ref in references(rule.condition):
            yield rule.routes, ref
    for select in module.selects:
        for arm in select.arms:
            for ref in references(arm.when):
                yield select.routes, ref
            if isinstance(arm.policy, model.Ref):
                yield select.routes, arm.policy
    for header in module.set_headers:
        for ref in header_references(header):
            yield header.routes, ref
    for token in module.identity_tokens:
        yield token.routes, token.subject
        for _, ref in token.claims:
            yield token.routes, ref
    for limit in module.limits:
        if isinstance(limit.key, model.Ref):
            yield limit.routes, limit.key


def header_references(header: model.SetHeader) -> tuple[model.Ref, ...]:
    """What a header's value is made of."""
    match header.value:
        case model.Template(parts=parts):
            return tuple(part for part in parts if isinstance(part, model.Ref))
        case model.Joined(ref=ref):
            return (ref,)
        case model.SecretValue():
            return ()


def claims_read(module: model.CheckedModule) -> frozenset[tuple[str, str]]:
    """Every (issuer, claim) that something reads on a route which trusts the issuer, or that identifies its callers."""
    found = {(issuer.name, issuer.identity) for issuer in module.issuers.values()}
    trusted: dict[tuple[str, ...], frozenset[str]] = {}
    for routes, ref in uses(module):
        if ref.root == "claims":
            if routes not in trusted:
                trusted[routes] = frozenset(issuer for route in routes for issuer in module.routes[route].trust)
            found |= {(issuer, ref.name) for issuer in trusted[routes]}
    return frozenset(found)
