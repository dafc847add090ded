"""Which line a comment is for, what it needs, and what is said when it is not needed."""

import pytest

from policylang.linter.fix import fix
from policylang.linter.lint import LintResult
from policylang.linter.suppressions import read
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse
from tests.policylang.linter.linting import compiled, linted

ALWAYS = "allow read on orders for GET always"


def own(result: LintResult) -> list[str]:
    return [found.code for found in result.diagnostics if found.code.startswith("L90")]


def about(result: LintResult, code: str) -> int:
    return sum(found.code == code for found in result.diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        f"# lint: allow L001 every token is a reader's\n{ALWAYS}\n",
        f"{ALWAYS}   # lint: allow L001 every token is a reader's\n",
        f"# lint: allow L001 every token is a reader's\n# another comment\n\n{ALWAYS}\n",
        f"# lint: allow L001, L027 every token is a reader's\n# lint: allow L037 there is a test elsewhere\n{ALWAYS}\n",
        f"#lint: allow L001: every token is a reader's\n{ALWAYS}\n",
        f"# lint: allow L001 - every token is a reader's\n{ALWAYS}\n",
    ],
    ids=["above", "behind", "over-comments-and-blanks", "two-comments", "no-blank", "dash"],
)
def test_where_a_comment_may_stand(text: str) -> None:
    result = linted(text)
    assert about(result, "L001") == 0
    assert "L901" not in own(result)
    reasons = [reason for found, reason in result.allowed if found.code == "L001"]
    assert reasons == ["every token is a reader's"]


def test_another_line_is_another_place() -> None:
    result = linted(f"{ALWAYS}\n# lint: allow L001 too late\ndeny x on orders when claims.risk absent\n")
    assert about(result, "L001") == 1
    assert own(result) == ["L903"]


def test_another_code_is_another_finding() -> None:
    result = linted(f"# lint: allow L002 wrong code\n{ALWAYS}\n")
    assert about(result, "L001") == 1
    assert own(result) == ["L903"]


def test_without_a_reason_it_works_and_is_reported() -> None:
    result = linted(f"# lint: allow L001\n{ALWAYS}\n")
    assert about(result, "L001") == 0
    assert own(result) == ["L901"]


@pytest.mark.parametrize(
    "comment", ["# lint: allow", "# lint:", "# lint: disable L001 x", "# lint: allow because of this"]
)
def test_without_a_code(comment: str) -> None:
    result = linted(f"{comment}\n{ALWAYS}\n")
    assert about(result, "L001") == 1
    assert own(result) == ["L900"]


@pytest.mark.parametrize("code", ["L999", "l001", "R204", "X1"])
def test_unknown_codes(code: str) -> None:
    result = linted(f"# lint: allow {code} reason\n{ALWAYS}\n")
    assert about(result, "L001") == 1
    assert own(result) == ["L902"]


def test_ordinary_comments_are_left_alone() -> None:
    assert own(linted(f"# linting: see L001\n# about lint: allow L001\n{ALWAYS}\n")) == []


def test_a_rule_that_is_off_needs_no_suppression_and_does_not_complain_of_one() -> None:
    from policylang.linter.config import Config

    text = f"# lint: allow L001 every token is a reader's\n{ALWAYS}\n"
    assert own(linted(text, Config(severity={"L001": "off"}))) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("# lint: allow L001 gone\nlet gold = 1\n", "let gold = 1\n"),
        ("let gold = 1   # lint: allow L001 gone\n", "let gold = 1\n"),
        ("let gold = 1\n  # lint: allow L001 gone", "let gold = 1\n"),
    ],
)
def test_the_fix_takes_the_comment_and_what_was_around_it(text: str, left: str) -> None:
    deny = "deny gold on orders when claims.risk absent\n"
    before = linted(text.replace("let gold = 1", deny.strip()))
    fixed = fix(before)
    assert fixed.count == 1
    assert fixed.result.tree.files[0].text.endswith(left.replace("let gold = 1", deny.strip()))
    assert before.plan is not None
    assert fixed.result.plan is not None
    assert fixed.result.plan.whole == before.plan.whole or fixed.result.plan.semantic == before.plan.semantic


def test_a_comment_with_one_needed_code_stays() -> None:
    result = linted(f"# lint: allow L001, L002 every token is a reader's\n{ALWAYS}\n")
    (found,) = (found for found in result.diagnostics if found.code == "L903")
    assert found.edits == ()
    assert found.title == "there is no finding L002 here to allow"


def test_crlf_and_several_files() -> None:
    tree = tree_of({"a.rules": "language 1\r\n# lint: allow L001 x\r\nlet a = 1\r\n", "b.rules": "language 1\n"})
    (found,) = read(tree, parse(tree).trivia)
    assert (found.line, found.reason, [code for code, _ in found.codes]) == (3, "x", ["L001"])


def test_codes_have_their_own_places() -> None:
    tree = compiled(f"# lint: allow L001,L002, L003 x\n{ALWAYS}\n").tree
    (found,) = read(tree, parse(tree).trivia)
    assert [tree.text_of(span) for _, span in found.codes] == ["L001", "L002", "L003"]
