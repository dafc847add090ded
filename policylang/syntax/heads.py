"""Where items begin: the words that can begin one, told apart from the same words inside an expression or a block."""

from collections.abc import Sequence

from policylang.syntax.words import Word

_ALWAYS = frozenset({"ALLOW", "DENY", "SHADOW_ALLOW", "SHADOW_DENY", "LET", "SELECT", "LIMIT", "TEST"})
_BEFORE = {
    "SETTING": "NAME",
    "SECRET": "NAME",
    "ISSUER": "NAME",
    "METADATA": "LBRACE",
    "POLICY": "NAME",
    "ROUTE": "NAME",
    "REQUEST": "HEADERS",
    "RESPONSE": "HEADERS",
    "IDENTITY": "TOKEN",
}
HEAD_TYPES = _ALWAYS | _BEFORE.keys()

ITEM_NAMES = {
    "SETTING": "setting",
    "SECRET": "secret",
    "ISSUER": "issuer",
    "METADATA": "metadata block",
    "LET": "let",
    "POLICY": "policy",
    "SELECT": "select",
    "ROUTE": "route",
    "ALLOW": "allow",
    "DENY": "deny",
    "SHADOW_ALLOW": "shadow allow",
    "SHADOW_DENY": "shadow deny",
    "REQUEST": "headers block",
    "RESPONSE": "headers block",
    "IDENTITY": "identity token",
    "LIMIT": "limit",
    "TEST": "test",
}
HEAD_WORDS = (
    "setting", "secret", "issuer", "metadata", "let", "policy", "select", "route", "allow", "deny", "shadow", "request",
    "response", "identity", "limit", "test",
)  # fmt: skip


def is_head(tokens: Sequence[Word], index: int) -> bool:
    """Whether the token can begin an item, by itself and the one behind it (``issuer is`` cannot, ``issuer corp`` can)."""
    kind = tokens[index].type
    if kind in _ALWAYS:
        return True
    behind = _BEFORE.get(kind)
    return behind is not None and index + 1 < len(tokens) and tokens[index + 1].type == behind
