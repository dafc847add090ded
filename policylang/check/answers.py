"""What a request can be answered with in a test: kinds of refusal with their status.

``policylang.runtime.decision`` says the same of decisions; a test holds the two against each other.
"""

from collections.abc import Mapping

REFUSED: Mapping[str, int] = {
    "malformed": 400,
    "no_route": 404,
    "method_not_allowed": 405,
    "credential_missing": 401,
    "credential_refused": 401,
    "denied": 403,
    "step_up": 401,
    "deny_fault": 503,
    "no_allow": 403,
    "credential_required": 401,
    "allow_fault": 503,
    "policy_fault": 503,
    "policy_refused": 403,
    "limited": 429,
    "render_fault": 503,
    "render_refused": 403,
}
"""Without ``keys_fault`` and ``limit_outage``: in a test, keys are there and counters answer."""

STATUSES = tuple(sorted(set(REFUSED.values())))
