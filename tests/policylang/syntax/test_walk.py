from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.syntax.walk import children, depth, walk
from tests.policylang.syntax.reading import GOOD, expression, item, read


def names(text: str) -> list[str]:
    return [type(node).__name__ for node in walk(expression(text))]


def test_parents_come_first_then_children_in_order() -> None:
    assert names('claims.a == 1 and not ("x" in claims.b)') == [
        "And",
        "Compare",
        "Ref",
        "Int",
        "Not",
        "In",
        "Str",
        "Ref",
    ]


def test_children_inside_nested_tuples_and_templates_are_found() -> None:
    issuer = item('issuer a { audience "x", setting.y  claims { a: one of "p", "q"  b: text } }')
    assert [type(node).__name__ for node in children(issuer)] == ["Name", "Str", "SettingRef", "Claim", "Claim"]
    headers = item('request headers on r { set X-A "u{claims.sub}" }')
    assert [node.name for node in walk(headers) if isinstance(node, nodes.Ref)] == ["sub"]


def test_every_node_lies_within_its_parent() -> None:
    for text in GOOD:
        for file in read(text.removeprefix("language 1\n")).rule_set.files:
            for node in walk(file):
                for child in children(node):
                    assert node.span.start <= child.span.start <= child.span.end <= node.span.end, (node, child)


def test_depth_counts_nodes_and_does_not_recurse() -> None:
    span = Span(0, 0, 0)
    node: nodes.Expr = nodes.LetRef(span, "x")
    assert depth(node) == 1
    for _ in range(50_000):
        node = nodes.Not(span, node)
    assert depth(node) == 50_001
    assert sum(1 for _ in walk(node)) == 50_001
