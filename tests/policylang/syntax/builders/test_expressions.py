from typing import Any

import pytest

from policylang.syntax import nodes
from policylang.syntax.builders.expressions import DEPTH_CAP
from tests.policylang.syntax.reading import codes, covered, expression, read, shape, told


def terse(text: str) -> Any:
    """An expression as nested tuples, with references and literals as plain values."""
    return plain(shape(expression(text)))


def plain(value: Any) -> Any:
    match value:
        case ("Ref", root, name):
            return f"{root}.{name}"
        case ("LetRef", name):
            return name
        case ("Int" | "Bool", literal):
            return literal
        case ("Str", text, ()):
            return repr(text)
        case ("StrSet", items):
            return [plain(item) for item in items]
        case ("HeaderRef", (_, name, ())):
            return f"header[{name}]"
        case tuple():
            return tuple(plain(part) for part in value)
    return value


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a", "a"),
        ("(((a)))", "a"),
        ("not a", ("Not", "a")),
        ("not not a", ("Not", ("Not", "a"))),
        ("a and b and c", ("And", ("a", "b", "c"))),
        ("a or b or c", ("Or", ("a", "b", "c"))),
        ("(a and b) or c", ("Or", (("And", ("a", "b")), "c"))),
        ("a and (b or c)", ("And", ("a", ("Or", ("b", "c"))))),
        ("(a and b) and c", ("And", (("And", ("a", "b")), "c"))),
        ("not a and b", ("And", (("Not", "a"), "b"))),
        ("not a == b", ("Not", ("Compare", "==", "a", "b"))),
        ("a + 1 == b - 1", ("Compare", "==", ("Arith", "+", "a", 1), ("Arith", "-", "b", 1))),
        ("a - b - c", ("Arith", "-", ("Arith", "-", "a", "b"), "c")),
        ("a - b + c", ("Arith", "+", ("Arith", "-", "a", "b"), "c")),
        ("a + b - c + 1", ("Arith", "+", ("Arith", "-", ("Arith", "+", "a", "b"), "c"), 1)),
        ("a - (b - c)", ("Arith", "-", "a", ("Arith", "-", "b", "c"))),
        ("a - -1", ("Arith", "-", "a", -1)),
        ("a ?? 1", ("Coalesce", "a", 1)),
        ("(a ?? 1) > 2", ("Compare", ">", ("Coalesce", "a", 1), 2)),
        ("a ?? (b ?? 1)", ("Coalesce", "a", ("Coalesce", "b", 1))),
        ("claims.a in claims.b", ("In", "claims.a", "claims.b", False)),
        ('"x" not in claims.b', ("In", "'x'", "claims.b", True)),
        ('any of ["a", "b"] in claims.c', ("AnyOf", ["'a'", "'b'"], "claims.c")),
        ("all of claims.a in claims.b", ("AllOf", "claims.a", "claims.b")),
        ("claims.a present", ("Presence", "claims.a", False)),
        ('header["X-A"] absent', ("Presence", "header[X-A]", True)),
        ("claims.t older than 15min", ("Older", "claims.t", ("Duration", 900_000_000, "15min"))),
        ('claims.a starts with "x"', ("TextTest", "starts", "claims.a", "'x'")),
        ('claims.a ends with "x"', ("TextTest", "ends", "claims.a", "'x'")),
        ('claims.a matches "x*"', ("TextTest", "matches", "claims.a", "'x*'")),
        ("issuer is corp", ("IssuerIs", ("Name", "corp"), False)),
        ("issuer is not anonymous", ("IssuerIs", ("Name", "anonymous"), True)),
        ("metadata.a == path.b", ("Compare", "==", "metadata.a", "path.b")),
        ("client.ip != peer.ip", ("Compare", "!=", "client.ip", "peer.ip")),
        ("policy.grants == []", ("Compare", "==", "policy.grants", [])),
        *((f"a {op} b", ("Compare", op, "a", "b")) for op in ("==", "!=", "<", "<=", ">", ">=")),
    ],
)
def test_expressions_mean_what_they_say(text: str, meaning: Any) -> None:
    assert terse(text) == meaning


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a and b or c", ("R152", "a and b")),
        ("a or b and c", ("R152", "b and c")),
        ("a ?? 1 > 2", ("R151", "a ?? 1")),
        ("a > b ?? 1", ("R151", "b ?? 1")),
        ("1 + a ?? 1", ("R151", "a ?? 1")),
        ("not a ?? true", ("R151", "a ?? true")),
        ("a ?? true and b", ("R151", "a ?? true")),
        ("b or a ?? true", ("R151", "a ?? true")),
        ('a ?? "x" in b', ("R151", 'a ?? "x"')),
        ("any of a ?? b in c", ("R151", "a ?? b")),
        ('a ?? "x" matches "y"', ("R151", 'a ?? "x"')),
        ("a ?? b ?? c", ("R154", "??")),
        ("1 < a < 2", ("R153", "<")),
        ("a == b == c", ("R153", "==")),
        ("a in b in c", ("R153", "in")),
        ("claims.a present present", ("R153", "present")),
        ("a = b", ("R155", "=")),
    ],
)
def test_what_readers_disagree_on_is_refused(text: str, complaint: tuple[str, str]) -> None:
    assert told(f"let x = {text}") == [complaint]


@pytest.mark.parametrize(
    "text",
    [
        "not " * (DEPTH_CAP - 1) + "a",
        "+".join(["claims.a"] * DEPTH_CAP),
        " and ".join(["a"] * 5_000),
        " or ".join(["(a and b)"] * 5_000),
    ],
)
def test_wide_and_moderately_deep_expressions_are_fine(text: str) -> None:
    assert codes(f"let x = {text}") == []


@pytest.mark.parametrize(
    "text",
    [
        "not " * DEPTH_CAP + "a",
        "not " * 5_000 + "a",
        "+".join(["claims.a"] * (DEPTH_CAP + 1)),
        "+".join(["claims.a"] * 5_000),
        "(" * 60 + "a" + "+1)" * 60 + "+1+1+1+1",
    ],
)
def test_depth_has_a_cap_however_it_is_reached(text: str) -> None:
    assert codes(f"let x = {text}") == ["R150"]
    assert codes(f"allow a on b when {text}") == ["R150"]
    assert codes(f"allow a on b when c unless {text}") == ["R150"]
    assert codes(f"select policy on a {{ use p when {text} }}") == ["R150"]


def test_what_is_too_deep_is_not_handed_on() -> None:
    result = read("let x = " + "not " * 5_000 + "a\nlet y = 1")
    assert [node.name.text for node in result.rule_set.files[0].items if isinstance(node, nodes.Let)] == ["y"]


def test_spans_cover_the_operands_and_their_parentheses() -> None:
    text = "let x = (a  and b) or not ( c )"
    whole = expression(text.removeprefix("let x = "))
    assert covered(text, whole) == "(a  and b) or not ( c )"
    assert [covered(text, operand) for operand in whole.operands] == ["a  and b", "not ( c )"]
    text = "let x = 1 + claims.a - 2"
    arith = expression(text.removeprefix("let x = "))
    assert covered(text, arith) == "1 + claims.a - 2"
    assert covered(text, arith.left) == "1 + claims.a"
