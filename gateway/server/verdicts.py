"""A verdict that refuses, as an answer: its kind, and the challenge where another credential would help."""

from gateway.message.refusal import Refusal
from policylang.embed import Verdict, plan_model

# RFC 6750 section 3: without a credential the challenge carries no error code.
CREDENTIAL_WANTED = ("WWW-Authenticate", "Bearer")

# RFC 9110 section 15.5.2: every 401 has a challenge.
TOKEN_REFUSED = ("WWW-Authenticate", 'Bearer error="invalid_token"')


def refusal_of(verdict: Verdict, plan: plan_model.Plan) -> Refusal:
    """The refusal for every kind of verdict but "allow". The reason names rules, for the log alone."""
    reason = ""
    if verdict.faults:
        reason = "no answer from " + ", ".join(plan.rules[rule].name for rule in verdict.faults[:8])
    refusal = Refusal(verdict.kind, reason, verdict.rule)
    if verdict.kind == "step_up":
        refusal.headers.append(("WWW-Authenticate", step_up(verdict.acr)))
    elif verdict.kind == "credential_required":
        refusal.headers.append(CREDENTIAL_WANTED)
    return refusal


def step_up(acr: tuple[str, ...]) -> str:
    """The challenge of RFC 9470 section 3. Values are the rules' own, as quoted strings (RFC 9110 section 5.6.4).

    >>> step_up(("mfa",))
    'Bearer error="insufficient_user_authentication", acr_values="mfa"'
    """
    values = " ".join(acr).replace("\\", "\\\\").replace('"', '\\"')
    return f'Bearer error="insufficient_user_authentication", acr_values="{values}"'
