"""Binding times: for every expression the earliest stage that has all its inputs.

Law of this file: a stage is early only when it is certain. What the policies grant counts as known when the last select
of any route can be decided, and time counts as known with the token, which is cached for as long as the answer holds.
"""

from collections.abc import Iterable, Mapping

from policylang.ir.nodes import Node, Program
from policylang.plan.draft import Draft, Placed, header_exprs, reference, token_exprs
from policylang.plan.model import Binding, Expr
from policylang.plan.operators import preorder

_OWN: Mapping[str, Binding] = {
    "claim": "token",
    "issuer": "token",
    "older": "token",
    "meta": "identity",
    "path": "request",
    "header": "request",
    "ip": "request",
}
"""The inputs that an operator brings along; any other operator has its operands' alone."""

_STAGES: tuple[Binding, ...] = ("const", "token", "identity", "request")
_RANK = {stage: rank for rank, stage in enumerate(_STAGES)}


def stage(program: Program) -> Draft:
    """The program's conditions, headers and tokens, each with its binding."""
    module = program.module
    named = [
        reference(arm.policy) for select in module.selects for arm in select.arms if not isinstance(arm.policy, str)
    ]
    whens = [node.expr for arms in program.arms for node in arms if node is not None]
    grants = grants_binding((*named, *whens))
    return Draft(
        module=module,
        rules=tuple(_placed(node, grants) for node in program.rules),
        arms=tuple(tuple(_placed(node, grants) for node in arms) for arms in program.arms),
        set_headers=tuple(binding(header_exprs(header), grants) for header in module.set_headers),
        tokens=tuple(binding(token_exprs(token), grants) for token in module.identity_tokens),
    )


def binding(exprs: Iterable[Expr], grants: Binding) -> Binding:
    """The earliest stage that has the inputs of all ``exprs``, where ``policy.grants`` is known at ``grants``."""
    latest = 0
    for expr in exprs:
        for node in preorder(expr):
            own = grants if node[0] == "grants" else _OWN.get(node[0])
            if own is not None and _RANK[own] > latest:
                latest = _RANK[own]
    return _STAGES[latest]


def grants_binding(selecting: Iterable[Expr]) -> Binding:
    """When ``policy.grants`` is known, from what all selects ask; with the token at the earliest: routes differ in it."""
    return binding((("issuer", None), *selecting), "token")


def _placed(node: Node | None, grants: Binding) -> Placed | None:
    return None if node is None else Placed(node.expr, node.places(), binding((node.expr,), grants))
