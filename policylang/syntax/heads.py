"""Where items begin: the words that can begin one, told apart from the same words inside an expression or a block."""

from collections.abc import Sequence

from policylang.syntax.words import Word

_ALWAYS = frozenset(
    {"ALLOW", "DENY", "SHADOW_ALLOW", "SHADOW_DENY", "LET", "SELECT", "LIMIT", "TEST", "GIVEN", "KEYRING"}
)
_UNLESS_BEFORE: dict[str, frozenset[str]] = {
    "SETTING": frozenset({"MEMBER"}),
    "SECRET": frozenset({"MEMBER"}),
    "ISSUER": frozenset({"IS"}),
    "METADATA": frozenset({"MEMBER", "DOWN"}),
    "POLICY": frozenset({"MEMBER", "ON"}),
    "ROUTE": frozenset({"LBRACE"}),
    "REQUEST": frozenset({"PROPER"}),
    "RESPONSE": frozenset(),
    "IDENTITY": frozenset({"BY", "LBRACE"}),
}
HEAD_TYPES = _ALWAYS | _UNLESS_BEFORE.keys()

ITEM_NAMES = {
    "SETTING": "setting",
    "SECRET": "secret",
    "ISSUER": "issuer",
    "KEYRING": "keyring",
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
    "GIVEN": "fixture",
}
HEAD_WORDS = (
    "setting", "secret", "issuer", "keyring", "metadata", "let", "policy", "select", "route", "allow", "deny", "shadow",
    "request", "response", "identity", "limit", "test", "given",
)  # fmt: skip


def is_head(words: Sequence[Word], index: int) -> bool:
    """Whether the word can begin an item, by itself and the one behind it (``issuer is`` cannot, ``issuer corp`` can)."""
    kind = words[index].type
    if kind in _ALWAYS:
        return True
    others = _UNLESS_BEFORE.get(kind)
    return others is not None and (index + 1 >= len(words) or words[index + 1].type not in others)


def is_headers(words: Sequence[Word], index: int) -> bool:
    """Whether a headers block begins here: inside another block that is a brace forgotten, not a test's request."""
    return words[index].type == "REQUEST" and index + 1 < len(words) and words[index + 1].type == "HEADERS"
