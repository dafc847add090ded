import json

from policylang.explain.to_json import FORMAT, to_json
from tests.policylang.explain.test_render_text import TREE


def test_members_are_the_tree_s() -> None:
    found = json.loads(json.dumps(to_json(TREE)))
    assert found["format"] == FORMAT
    assert found["rules"][0]["node"]["operands"][0] == {
        "text": "claims.sub", "place": {"file": "rules/a.rules", "line": 3, "column": 5}, "value": "hidden",
        "deciding": False, "literal": False, "operands": [], "unheard": "",
    }  # fmt: skip
    assert [way["name"] for way in found["further"]] == ["a"]
    assert found["closest"]["lacked"][0]["needed"] == "true"
    assert found["arms"] == [{"policy": "free", "place": None, "state": "true", "node": None, "turn": "", "chosen": []}]
