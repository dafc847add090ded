"""Lines of members, in texts laid out in every way that JSON allows."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.json_place import line_of

TEXT = """
{ "a":
  {"x": {}, "}": [1,
   {"y": "\\"{\\n"}], "z"
   : {"deep":
 true}
  }, "b": 1 }"""


def test_lines() -> None:
    assert line_of(TEXT, ()) == 1
    assert [line_of(TEXT, path) for path in ((1,), (1, 1), (1, 2), (1, 3), (1, 3, 1), (2,))] == [2, 3, 3, 4, 5, 7]


names = st.text(max_size=3)
objects = st.dictionaries(
    names, st.dictionaries(names, st.none() | st.text() | st.lists(st.integers()), max_size=4), max_size=4
)


@given(objects, st.sampled_from([None, 0, 2]))
def test_a_member_stands_where_its_name_does(value: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    for first, (name, inner) in enumerate(value.items(), 1):
        line = line_of(text, (first,))
        assert text.splitlines()[line - 1].lstrip(" {").startswith(json.dumps(name)) or indent is None
        for second in range(1, len(inner) + 1):
            assert line_of(text, (first, second)) >= line
        if indent is not None:
            places = [line_of(text, (first, second)) for second in range(1, len(inner) + 1)]
            assert places == sorted(set(places))
