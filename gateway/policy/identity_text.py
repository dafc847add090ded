"""An identity as text (in a file, on a command line) as the claims that bear it."""

from typing import Any

from policylang.embed import plan_model


def bearing(issuer: plan_model.Issuer, text: str) -> tuple[Any, ...]:
    """Claims that bear nothing but this identity, aligned with ``issuer.claims``.

    An identity claim may be an integer: ValueError where the text is none.
    """
    identity = next(claim for claim in issuer.claims if claim.name == issuer.identity)
    typed: str | int = text
    if identity.type[0] in {"int", "time"}:
        try:
            typed = int(text)
        except ValueError:
            raise ValueError(f"identities of {issuer.name} are integers") from None
    return tuple(typed if claim is identity else None for claim in issuer.claims)
