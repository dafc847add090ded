"""Why a request is refused, by kind; one table says which status each kind has and which public code it shows.

The reason in full goes to the decision log; the answer carries the code, the title and the request id alone.
"""

from dataclasses import dataclass, field

KINDS: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request is malformed"),
    "no_route": (404, "No route takes this path"),
    "method_not_allowed": (405, "The path does not take this method"),
    "credential_missing": (401, "A credential is required"),
    "credential_refused": (401, "The credential is refused"),
    "keys_fault": (503, "The credential cannot be checked now"),
    "denied": (403, "The request is denied"),
    "step_up": (401, "A stronger login is required"),
    "deny_fault": (503, "The request cannot be decided now"),
    "no_allow": (403, "The request is denied"),
    "credential_required": (401, "A credential is required"),
    "allow_fault": (503, "The request cannot be decided now"),
    "policy_fault": (503, "The request cannot be decided now"),
    "policy_refused": (403, "The request is denied"),
    "limited": (429, "A limit is reached"),
    "limit_outage": (503, "A limit cannot be counted now"),
    "render_fault": (503, "The request cannot be decided now"),
    "render_refused": (403, "The request is denied"),
    "internal": (500, "The gateway failed"),
    "upstream_unreachable": (502, "The service cannot be reached"),
    "upstream_broken": (502, "The service gave no valid answer"),
    "upstream_timeout": (504, "The service did not answer in time"),
    "body_too_large": (413, "The request body is too large"),
    "request_timeout": (408, "The request did not arrive in time"),
    "overloaded": (503, "The gateway is at its limit"),
}


@dataclass(slots=True)
class Refusal:
    """``kind`` is a key of KINDS; ``reason`` is for the log alone; ``headers`` are extra lines for the answer."""

    kind: str
    reason: str = ""
    rule: int = -1
    headers: list[tuple[str, str]] = field(default_factory=list)
    close: bool = False

    @property
    def status(self) -> int:
        """The HTTP status of this kind."""
        return KINDS[self.kind][0]
