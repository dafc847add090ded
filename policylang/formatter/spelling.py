"""How a word is spelled: as its author did, but for escapes in strings and the blanks within ``shadow deny``."""

import re
from collections.abc import Sequence

from policylang.formatter.token import Token
from policylang.syntax.words import Word

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|.)")
_SHORT = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\", "{": "\\{", "}": "\\}"}
_PATTERN_WORDS = frozenset({"MATCH", "HOST"})


def spelled(before: Sequence[Token], word: Word) -> str:
    """The text of a word. The pattern of a route is part of what a file says, so it stays byte for byte."""
    if word.type == "STRING" and "\\u" in word.value and not _in_pattern(before):
        return _ESCAPE.sub(_escape, word.value)
    if word.type in {"SHADOW_ALLOW", "SHADOW_DENY"}:
        return " ".join(word.value.split())
    return word.value


def _in_pattern(before: Sequence[Token]) -> bool:
    """Whether a string behind these words is one of ``match … on "…", "…"`` or ``host "…", "…"``."""
    for index in range(len(before) - 1, -1, -1):
        if before[index].kind not in {"STRING", "COMMA", "ON", "PROPER"}:
            return before[index].kind in _PATTERN_WORDS
    return False


def _escape(match: re.Match[str]) -> str:
    r"""The shortest way to write an escape: ``\u{0A}`` is ``\n``, ``\u{41}`` is ``A``, ``\u{00E9}`` is ``\u{e9}``.

    What is not ASCII stays escaped: its author wanted it seen.
    """
    if match[1] is None:
        return match[0]
    character = chr(int(match[1], 16))
    if character in _SHORT:
        return _SHORT[character]
    return character if " " <= character <= "~" else f"\\u{{{int(match[1], 16):x}}}"
