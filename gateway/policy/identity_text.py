"""An identity as text (in a file, on a command line) as the claims that bear it."""

import re
from typing import Any

from policylang.embed import plan_model

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")


def bearing(issuer: plan_model.Issuer, text: str) -> tuple[Any, ...]:
    """Claims that bear nothing but this identity, aligned with ``issuer.claims``.

    An identity claim may be an integer or a truth value: ValueError where the text is none, as JSON spells it. No
    message repeats the text.
    """
    identity = next(claim for claim in issuer.claims if claim.name == issuer.identity)
    typed = _typed(issuer.name, identity.type[0], text)
    return tuple(typed if claim is identity else None for claim in issuer.claims)


def _typed(issuer: str, kind: str, text: str) -> str | int | bool:
    if kind in {"int", "time"}:
        # One spelling for each integer: "007" is more likely a mistake than user 7.
        if not INTEGER.fullmatch(text):
            raise ValueError(f"identities of {issuer} are integers")
        return int(text)
    if kind == "bool":
        if text not in {"true", "false"}:
            raise ValueError(f"identities of {issuer} are true or false")
        return text == "true"
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(f"identities of {issuer} are text; this is half a character")
    return text
