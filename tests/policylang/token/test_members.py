import pytest

from policylang.token.members import ABSENT, MISPLACED, find

PAYLOAD = {"a": {"b": {"c": 1}, "n": None}, "t": "text", "l": [{"b": 1}], "n": None}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("t",), "text"),
        (("a", "b", "c"), 1),
        (("n",), None),
        (("a", "n"), None),
        (("a", "n", "x"), None),
        (("x",), ABSENT),
        (("x", "y", "z"), ABSENT),
        (("a", "x"), ABSENT),
        (("t", "x"), MISPLACED),
        (("l", "b"), MISPLACED),
        (("l", "0"), MISPLACED),
        (("a", "b", "c", "d"), MISPLACED),
    ],
)
def test_finds(path: tuple[str, ...], expected: object) -> None:
    assert find(PAYLOAD, path) is expected


def test_a_dotted_name_is_one_member() -> None:
    assert find({"https://example.com/a.b": 1}, ("https://example.com/a.b",)) == 1
    assert find({"a": {"b": 1}}, ("a.b",)) is ABSENT
