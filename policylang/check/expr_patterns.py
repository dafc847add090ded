"""``starts with``, ``ends with`` and ``matches``: globs, and what a type tells of them before any request.

In a glob ``*`` is any run of characters, ``?`` one character, and nothing else is special.
"""

import re
from typing import Literal

from policylang.check import errors_expr_literals as errors
from policylang.check import errors_expr_types as type_errors
from policylang.check import model
from policylang.check.expr_cases import Live
from policylang.check.expr_literals import Constant, address_kind, words
from policylang.check.expr_scene import Scene
from policylang.check.expr_types import BOOL, lengths, textual
from policylang.check.expr_values import operand
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import Cidr, Email, Enum, SetOf, Slug, Time, Type

Op = Literal["starts", "ends", "matches"]

_OPERATORS: dict[Op, str] = {"starts": "starts with", "ends": "ends with", "matches": "matches"}
_NOT_IN_SLUG = re.compile(r"[^a-z0-9_-]")
_NOT_IN_EMAIL = re.compile(r"[^!-~]")


def holds(op: Op, text: str, pattern: str) -> bool:
    """Whether a text passes a test.

    >>> holds("matches", "orders:read", "orders:*")
    True
    """
    if op == "starts":
        return text.startswith(pattern)
    return text.endswith(pattern) if op == "ends" else _glob(text, pattern)


def _glob(text: str, pattern: str) -> bool:
    """Two pointers, and back to the last ``*``: no more than the product of the lengths, whatever the pattern."""
    i = j = resume = 0
    star = -1
    while i < len(text):
        if j < len(pattern) and pattern[j] == "*":
            star, resume, j = j, i, j + 1
        elif j < len(pattern) and pattern[j] in {"?", text[i]}:
            i, j = i + 1, j + 1
        elif star >= 0:
            resume += 1
            i, j = resume, star + 1
        else:
            return False
    return not pattern[j:].strip("*")


def text_test(node: nodes.TextTest, live: Live, scene: Scene) -> model.TextTest | None:
    """Type a test of a text; None after a complaint."""
    scene = scene.around(node)
    subject, subject_scene = operand(node.subject, live, scene)
    pattern_fine = _pattern_fine(node, scene)
    if subject is None:
        return None
    if isinstance(subject, Constant):
        fix = "put a claim or a header on the left"
        subject_scene.complain(type_errors.not_text(_OPERATORS[node.op], words(subject), subject.span, fix))
        return None
    if not textual(subject.type):
        fix = _fix(subject.type)
        subject_scene.complain(type_errors.not_text(_OPERATORS[node.op], describe(subject.type), subject.span, fix))
        return None
    if not pattern_fine or not _undecided(node.op, node.pattern, subject.type, scene):
        return None
    return model.TextTest(node.span, BOOL, node.op, subject, node.pattern.value)


def _fix(term: Type) -> str:
    if address_kind(term):
        return 'look for it in networks:  … in ["10.0.0.0/8"]'
    if isinstance(term, SetOf):
        return 'look for an item in it:  "…" in …' if not isinstance(term.item, Cidr) else "look for an address in it"
    return "ask for its age:  … older than 15min" if isinstance(term, Time) else "compare it with `==`"


def _pattern_fine(node: nodes.TextTest, scene: Scene) -> bool:
    if node.pattern.holes:
        scene.complain(type_errors.template_in_condition(node.pattern.span))
        return False
    if not node.pattern.value:
        fix = "write what the text is to begin or end with, or to look like"
        scene.complain(errors.empty_constant("the pattern", node.pattern.span, fix))
        return False
    return True


def _undecided(op: Op, node: nodes.Str, term: Type, scene: Scene) -> bool:
    """Whether the type leaves both answers possible; complains if not, and of open ends of email addresses."""
    pattern = node.value
    told = _of_values(op, pattern, term) if isinstance(term, Enum) else _of_form(op, pattern, term)
    if told is not None:
        answer, reason = told
        complaint = errors.pattern_decided(_OPERATORS[op], pattern, answer, describe(term), reason, node.span)
        scene.complain(complaint)
        return False
    tail = _open_tail(op, pattern) if isinstance(term, Email) else None
    if tail is not None:
        scene.complain(errors.open_domain(pattern, tail.rpartition("@")[2], node.span))
        return False
    return True


def _of_values(op: Op, pattern: str, term: Enum) -> tuple[str, str] | None:
    count = sum(holds(op, value, pattern) for value in term.values)
    if count == 0:
        return "no", "none of the values looks like this"
    return ("every", "all the values look like this") if count == len(term.values) else None


def _of_form(op: Op, pattern: str, term: Type) -> tuple[str, str] | None:
    """What lengths and alphabets decide."""
    never, every = "no", "every"
    glob = op == "matches"
    fixed = pattern.replace("*", "") if glob else pattern
    low, high = lengths(term)
    if glob and not fixed.strip("?") and len(fixed) <= low and ("*" in pattern or low == high == len(fixed)):
        return every, f"the text has {low} to {high} characters"
    if len(fixed) > high or (glob and "*" not in pattern and len(fixed) < low):
        return never, f"the text has {low} to {high} characters"
    letters = fixed.replace("?", "") if glob else fixed
    if isinstance(term, Slug):
        odd = _NOT_IN_SLUG.search(letters)
        if odd is not None or (op != "ends" and pattern[0] in "-_"):
            return never, "a slug has lower-case letters, digits, `-` and `_`, and begins with a letter or a digit"
    if isinstance(term, Email) and (_NOT_IN_EMAIL.search(letters) or letters.count("@") > 1):
        return never, "an address has printable ASCII characters and one `@`"
    if isinstance(term, Email) and not glob and pattern[0 if op == "starts" else -1] in "@.":
        return never, "no address begins or ends like this"
    return None


def _open_tail(op: Op, pattern: str) -> str | None:
    """The end of an address that a pattern demands, if more than the domains it names would have that end."""
    if op == "starts" or (op == "matches" and not set(pattern) & set("*?")):
        return None
    tail = pattern if op == "ends" else re.split(r"[*?]", pattern)[-1]
    return tail if tail and tail[0] not in "@." else None
