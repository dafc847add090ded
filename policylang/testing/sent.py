"""What the service and the client would see of a decision: header lines as the gateway makes them of the plan."""

from policylang.codegen.compiled import CompiledPlan
from policylang.request.fields import HOP_BY_HOP, UNSETTABLE, fold, is_claiming, is_forwarding
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision

_NEVER_FROM_CLIENT = HOP_BY_HOP | UNSETTABLE | {b"authorization", b"x-request-id", b"via"}
"""Folded names that the gateway drops from every request, whatever the rules say."""


def to_service(compiled: CompiledPlan, ask: Ask, decision: Decision) -> dict[str, list[str]]:
    """The values of each header that travels on, by folded name; nothing does of a refused request.

    An identity token stands as ``(identity token NAME)``.
    """
    seen: dict[str, list[str]] = {}
    if decision.status != 200:
        return seen
    names, prefixes = compiled.request_removals(_route(compiled, decision))
    gone = compiled.output_names | names | _NEVER_FROM_CLIENT
    for name, value in ask.headers:
        folded = fold(name.encode("utf-8", "surrogatepass"))
        told = is_forwarding(folded) or is_claiming(folded)
        if folded not in gone and not told and not (prefixes and folded.startswith(prefixes)):
            _add(seen, name, value)
    for name, value in decision.request_headers:
        _add(seen, name, value)
    for token, header, _, _ in decision.minted:
        _add(seen, header, f"(identity token {token})")
    return seen


def to_client(decision: Decision) -> dict[str, list[str]]:
    """The values of each header that rules set on the answer, by folded name."""
    seen: dict[str, list[str]] = {}
    for name, value in decision.response_headers:
        _add(seen, name, value)
    return seen


def is_withheld(compiled: CompiledPlan, decision: Decision, name: str) -> bool:
    """Whether a header that the service sends would not reach the client."""
    if decision.status != 200:
        return True
    names, prefixes = compiled.response_edit(_route(compiled, decision))
    lower = name.lower().encode("utf-8")
    return lower in names or lower in HOP_BY_HOP or bool(prefixes and lower.startswith(prefixes))


def folded_name(name: str) -> str:
    """The spelling under which header names compare."""
    return fold(name.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def _route(compiled: CompiledPlan, decision: Decision) -> int:
    return next(i for i, route in enumerate(compiled.plan.routes) if route.name == decision.route)


def _add(seen: dict[str, list[str]], name: str, value: str) -> None:
    seen.setdefault(folded_name(name), []).append(value)
