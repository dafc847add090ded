"""What a lane says of a request, in the words of expectations; and what of it is not what was expected."""

from collections.abc import Mapping
from typing import Any

from policylang.runtime.decision import Decision
from tests.conformance.document import Expect, tables

Observation = Mapping[str, Any]

WIRE_ONLY = frozenset({"retry_after", "upstream_path", "arrives", "never", "answered_without"})
"""What a decision without a request on a wire cannot say."""

PURE_ONLY = frozenset({"faults"})
"""What no answer tells: it would say more of the rules than a client may know."""


def of_decision(decision: Decision) -> Observation:
    """A decision of the simulation or the oracle."""
    return {
        "status": decision.status,
        "decision": decision.kind,
        "rule": decision.rule,
        "route": decision.route,
        "issuer": decision.issuer,
        "faults": list(decision.faults),
        "acr": list(decision.acr),
        "policies": list(decision.policies),
        "shadows": dict(decision.shadows),
        "methods": decision.reason.split(", ") if decision.kind == "method_not_allowed" else [],
        "request_headers": dict(decision.request_headers),
        "response_headers": dict(decision.response_headers),
        "tokens": {
            name: {"header": header, "subject": subject, "claims": {key: _listed(value) for key, value in claims}}
            for name, header, subject, claims in decision.minted
        },
        "charges": [[charge.limit, *charge.amount] for charge in decision.charges],
    }


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def complaints(expect: Expect, found: Observation, unseen: frozenset[str]) -> list[str]:
    """What differs; ``unseen`` is what the lane cannot say."""
    wanted = {"status": tables()["answers"][expect["decision"]], **expect}
    return [
        f"{name}: expected {value!r}, found {found.get(name)!r}"
        for name, value in wanted.items()
        if name not in unseen and found.get(name) != value
    ]
