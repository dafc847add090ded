"""What the grammar expected, in words: token names never reach a reader."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

_REFS = frozenset({"CLAIMS", "METADATA", "POLICY", "PATH", "CLIENT", "PEER"})
_LITERALS = frozenset({"STRING", "NUMBER", "SIGN", "TRUE", "FALSE", "LSQB"})
_VALUES = _REFS | _LITERALS | {"HEADER", "NAME", "LPAR"}
_CONDITIONS = _VALUES | {"NOT", "ANY", "ALL", "ISSUER"}
_TESTS = frozenset({"CMP", "IN", "STARTS", "ENDS", "MATCHES"})
_TYPES = frozenset({"SLUG", "BOOL", "TIME", "EMAIL", "CIDR", "INT", "ONE", "TEXT"})

_GROUPS: tuple[tuple[frozenset[str], str], ...] = (
    (_CONDITIONS, "a condition"),
    (_VALUES, "a value"),
    (_LITERALS, "a literal value"),
    (_REFS, "a reference such as `claims.sub`"),
    (_TESTS, "a comparison"),
    (_TYPES, "a type"),
    (frozenset({"STRING", "SETTING"}), 'text such as "…" or a setting'),
    (frozenset({"STRING", "PROPER"}), "a header name"),
    (frozenset({"STRING", "LSQB"}), 'a member name such as "…" or a list of them'),
)

_NOUNS = {
    "STRING": 'text such as "…"',
    "NUMBER": "a number",
    "DURATION": "a duration such as 30s",
    "TIMESTAMP": "an instant such as 2026-03-01T00:00:00Z",
    "KEY": "a name with a colon (`sub:`)",
    "MEMBER": "a name with a dot (`.sub`)",
    "PROPER": "a word with a capital",
    "CMP": "a comparison",
    "SIGN": "`+` or `-`",
    "$END": "the next item",
    "SHADOW_ALLOW": "`shadow allow`",
    "SHADOW_DENY": "`shadow deny`",
}

_NAMES_AFTER = {
    "ROUTE": "a name for the route",
    "ISSUER": "a name for the issuer",
    "KEYRING": "a name for the keyring",
    "SETTING": "a name for the setting",
    "SECRET": "a name for the secret",
    "LET": "a name",
    "LIMIT": "a name for the limit",
    "ALLOW": "a name for the rule",
    "DENY": "a name for the rule",
    "SHADOW_ALLOW": "a name for the rule",
    "SHADOW_DENY": "a name for the rule",
    "ON": "a route name",
    "TAGS": "a tag",
    "TAGGED": "a tag",
    "TRUST": "an issuer",
    "TRUSTING": "an issuer",
    "IS": "an issuer",
    "USE": "a policy name",
    "ADD": "a policy name",
    "BY": "a rule or policy name",
}
_PROPERS_AFTER = {"FOR": "a method", "MATCH": "a method", "REQUEST": "a method", "ALGORITHMS": "an algorithm"}

LISTED = 12


def wanted_name(previous: str, start: str) -> str:
    """What a NAME is called after the token type ``previous``, in an item that begins with ``start``."""
    if previous == "TOKEN":
        return "a name for the identity token" if start == "IDENTITY" else "an issuer"
    if previous == "POLICY":
        return "a name for the policy" if start == "POLICY" else "a policy name"
    if previous == "COMMA":
        return "another name"
    return _NAMES_AFTER.get(previous, "a name")


def in_words(accepted: AbstractSet[str], previous: str, start: str, spelling: Mapping[str, str]) -> str:
    """The accepted token types as a phrase such as ``a route name, `all` or `routes```."""
    left = set(accepted)
    phrases: list[str] = []
    for members, phrase in _GROUPS:
        if members <= left:
            left -= members
            phrases.append(phrase)
    if "NAME" in left:
        left.discard("NAME")
        phrases.insert(0, wanted_name(previous, start))
    if "PROPER" in left and previous in _PROPERS_AFTER:
        left.discard("PROPER")
        phrases.append(_PROPERS_AFTER[previous])
    phrases.extend(sorted(_NOUNS[kind] for kind in left if kind in _NOUNS and kind != "$END"))
    words = sorted(f"`{spelling[kind]}`" for kind in left if kind not in _NOUNS and kind in spelling)
    closing = [word for word in words if not word[1].isalpha()]
    phrases.extend([word for word in words if word not in closing] + closing)
    if "$END" in left:
        phrases.append("the next item")
    return _joined(phrases)


def _joined(phrases: list[str]) -> str:
    if len(phrases) > LISTED:
        phrases = [*phrases[: LISTED - 1], "something else of its kind"]
    if len(phrases) == 1:
        return phrases[0]
    return ", ".join(phrases[:-1]) + " or " + phrases[-1] if phrases else "nothing more"
