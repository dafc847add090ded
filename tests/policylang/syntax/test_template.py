import pytest

from policylang.syntax import nodes
from tests.policylang.syntax.reading import covered, expression, told


def template(literal: str) -> nodes.Str:
    node = expression(literal)
    assert isinstance(node, nodes.Str)
    return node


def holes(literal: str) -> list[tuple[int, str, str]]:
    return [(index, ref.root, ref.name) for index, ref in template(literal).holes]


@pytest.mark.parametrize(
    ("literal", "value", "found"),
    [
        ('"{claims.sub}"', "", [(0, "claims", "sub")]),
        ('"a{claims.sub}b{path.x}"', "ab", [(1, "claims", "sub"), (2, "path", "x")]),
        ('"{client.ip}{peer.ip}"', "", [(0, "client", "ip"), (0, "peer", "ip")]),
        ('"{metadata.m}{policy.grants}"', "", [(0, "metadata", "m"), (0, "policy", "grants")]),
        (r'"\{claims.sub\}"', "{claims.sub}", []),
        (r'"\{{claims.sub}\}"', "{}", [(1, "claims", "sub")]),
        (r'"\u{7b}claims.sub\u{7d}"', "{claims.sub}", []),
        ('"plain"', "plain", []),
    ],
)
def test_references_are_taken_out(literal: str, value: str, found: list[tuple[int, str, str]]) -> None:
    assert template(literal).value == value
    assert holes(literal) == found


def test_a_reference_points_into_the_source() -> None:
    text = r'let x = "\u{e9}\{é{claims.sub}"'
    node = template(text.removeprefix("let x = "))
    assert covered(text, node.holes[0][1]) == "claims.sub"
    assert covered(text, node) == r'"\u{e9}\{é{claims.sub}"'


@pytest.mark.parametrize(
    ("literal", "complaints"),
    [
        ('"{}"', [("R136", "{}")]),
        ('"{x}"', [("R136", "{x}")]),
        ('"{ claims.sub }"', [("R136", "{ claims.sub }")]),
        ('"{claims.Sub}"', [("R136", "{claims.Sub}")]),
        ('"{claims.sub ?? 1}"', [("R136", "{claims.sub ?? 1}")]),
        ('"{header.x}"', [("R136", "{header.x}")]),
        (r'"{claims.\u{73}ub}"', [("R136", r"{claims.\u{73}ub}")]),
        ('"{claims.sub"', [("R135", "{")]),
        ('"claims.sub}"', [("R135", "}")]),
        ('"{{claims.sub}}"', [("R135", "{")]),
        ('"' + "{" * 5_000 + '"', [("R135", "{")]),
        (r'"{claims.sub\}"', [("R135", "{")]),
    ],
)
def test_other_braces_are_complained_of(literal: str, complaints: list[tuple[str, str]]) -> None:
    assert told(f"let x = {literal}") == complaints
