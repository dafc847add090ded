import pytest

from policylang.source.spans import NOWHERE
from policylang.testing.choose import chosen, fits
from policylang.testing.model import Case


@pytest.mark.parametrize(
    ("title", "pattern", "fit"),
    [
        ("Gold reads", "gold", True),
        ("Gold reads", "silver", False),
        ("Gold reads", "gold*", True),
        ("Gold reads", "*gold", False),
        ("Gold reads", "*reads", True),
        ("Gold reads", "gold?reads", True),
        ("t [row 12]", "row 12", True),
        ("t [row 12]", "*[[]row 1?]", True),
        ("", "", True),
    ],
)
def test_fits(title: str, pattern: str, fit: bool) -> None:
    assert fits(title, pattern) is fit


def test_chosen_keeps_the_order_and_takes_all_without_a_pattern() -> None:
    cases = [Case(title, NOWHERE, ()) for title in ("b", "a", "ab")]
    assert [case.title for case in chosen(cases, "b")] == ["b", "ab"]
    assert chosen(cases, None) == tuple(cases)
