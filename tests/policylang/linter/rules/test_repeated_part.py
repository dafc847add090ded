"""L048: the same test twice."""

from policylang.linter.fix import fix
from tests.policylang.linter.linting import linted, places

TWICE = 'deny x on orders when claims.plan == "gold" and claims.risk absent and claims.plan == "gold"\n'


def test_the_second_one_goes() -> None:
    assert places("L048", TWICE) == ['claims.plan == "gold"']
    before = linted(TWICE)
    fixed = fix(before)
    assert fixed.result.tree.files[0].text.endswith('when claims.plan == "gold" and claims.risk absent\n')
    assert before.plan is not None
    assert fixed.result.plan is not None
    assert fixed.result.plan.semantic == before.plan.semantic


def test_parentheses_are_left_to_their_author() -> None:
    text = "deny x on orders when (claims.risk absent) or (claims.risk absent)\n"
    assert places("L048", text)
    assert fix(linted(text)).count == 0


def test_lets_are_parts_too() -> None:
    text = 'let gold = claims.plan == "gold"\ndeny x on orders when gold and claims.risk absent and gold\n'
    assert places("L048", text) == ["gold"]


def test_different_parts_are_fine() -> None:
    assert places("L048", 'deny x on orders when claims.plan == "gold" and claims.risk absent\n') == []
