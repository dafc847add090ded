from policylang.check.certain import NEEDS_EVERY_ITEM, certain
from policylang.check.check import check
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse


def test_what_an_unread_item_may_have_declared_is_not_missed() -> None:
    """The issuer and a policy cannot be read; of what rests on them only a mistake of its own remains."""
    text = """language 1
issuer corp { iss "https://a.example" keys }
policy free { quota per day }
setting spare url
route orders { match GET on "/orders"  trust corp  upstream "http://a:1/x" }
allow read on orders when "a" in claims.scope
select policy on orders { use free otherwise }
"""
    tree = tree_of({"a.rules": text})
    parsed = parse(tree)
    assert not parsed.ok
    found = check(parsed.rule_set, tree, None).diagnostics
    assert {d.code for d in found} == {"R252", "R304", "R731"}
    assert [d.code for d in certain(found)] == ["R304"]


def test_codes_are_codes() -> None:
    assert all(code[0] == "R" and code[1:].isdigit() for code in NEEDS_EVERY_ITEM)
