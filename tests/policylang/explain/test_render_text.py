from dataclasses import replace

from policylang.explain.render_text import render_text
from policylang.explain.tree import ArmTrace, Closest, ExplainTree, Lacked, NodeTrace, Place, RuleTrace

AT = Place("rules/a.rules", 3, 5)
LITERAL = NodeTrace('"x"', AT, '"x"', deciding=False, literal=True, operands=())
CLAIM = NodeTrace("claims.sub", AT, "hidden", deciding=False, literal=False, operands=())
TEST = NodeTrace('claims.sub == "x"', AT, "false", deciding=True, literal=False, operands=(CLAIM, LITERAL))


def rule(effect: str, name: str, state: str, *, decides: bool = False, node: NodeTrace | None = None) -> RuleTrace:
    return RuleTrace(effect, name, AT, state, expired=False, decides=decides, node=node)  # type: ignore[arg-type]


TREE = ExplainTree(
    "no_allow", 403, "GET", "orders", "corp", "no allow is true; the closest is a", (), ("free",),
    (rule("allow", "a", "false", node=TEST), rule("allow", "b", "other method"), rule("deny", "c", "fault")),
    (ArmTrace("free", None, "true", None),), Closest("a", AT, (Lacked('claims.sub == "x"', AT, "false", "true"),)),
    (Closest("a", AT, (Lacked("claims.flag", AT, "absent", "true"), Lacked("until", AT, "past", "later"))),),
)  # fmt: skip


def test_all_of_it() -> None:
    assert render_text(TREE).splitlines() == [
        "403 no_allow: GET on route orders, issuer corp",
        "  no allow is true; the closest is a",
        "closest allow: a  (rules/a.rules:3:5)",
        '  claims.sub == "x" is false, needed true  (rules/a.rules:3:5)',
        "or: a  (rules/a.rules:3:5)",
        "  claims.flag is absent, needed true  (rules/a.rules:3:5)",
        "  until is past, needed later  (rules/a.rules:3:5)",
        "policies: free",
        "- allow a: false  (rules/a.rules:3:5)",
        '    claims.sub == "x" = false  (rules/a.rules:3:5)  <--',
        "      claims.sub = hidden  (rules/a.rules:3:5)",
        "  allow b: other method  (rules/a.rules:3:5)",
        "! deny c: fault  (rules/a.rules:3:5)",
        "+ policy free: true",
    ]


def test_decisive_rules_only() -> None:
    denied = ExplainTree(
        "denied", 403, "GET", "orders", None, "deny d is true", ("d",), (),
        (rule("allow", "a", "true", node=TEST), rule("deny", "d", "true", decides=True, node=TEST)),
    )  # fmt: skip
    assert render_text(denied, "decisive").splitlines()[2:] == [
        "+ allow a: true  (rules/a.rules:3:5)",
        "+ deny d: true  (rules/a.rules:3:5)  <-- decides",
        '    claims.sub == "x" = false  (rules/a.rules:3:5)  <--',
        "      claims.sub = hidden  (rules/a.rules:3:5)",
    ]


def test_without_a_route() -> None:
    early = ExplainTree("no_route", 404, "GET", None, None, "no route takes this host and path", (), ())
    assert render_text(early) == "404 no_route: GET\n  no route takes this host and path\n"


def test_what_did_not_count_says_why() -> None:
    test = replace(TEST, deciding=False, value="absent", unheard="claims.sub is absent")
    tree = replace(TREE, closest=None, further=(), rules=(rule("allow", "a", "true", node=test),))
    assert '    claims.sub == "x" = absent  (rules/a.rules:3:5)  does not count: claims.sub is absent' in render_text(
        tree
    )
