"""Properties 5, 36 and 37: formatting settles at once, and keeps the tree, every comment and the plan's meaning.

A thousand rule sets and more: ``HYPOTHESIS_PROFILE=fuzz pytest tests/properties/test_formatter.py``.
"""

from bisect import bisect_right
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from policylang.compiler import compile_tree
from policylang.formatter.format import format_tree
from policylang.formatter.proof import same_tree
from policylang.source.tree import tree_of
from policylang.syntax.grammar import exclusive_grammar
from policylang.syntax.lexemes import lex
from policylang.syntax.parse import ParseResult, parse
from policylang.syntax.words import Word
from tests.strategies.profile import examples
from tests.strategies.rule_sets import RuleSet, rule_sets

TEXTS = [
    path.read_text(encoding="utf-8")
    for path in (
        Path("tests/data/sample.rules"),
        *sorted(Path("tests/data/situations").iterdir()),
        *sorted(Path("rules").rglob("*.rules")),
    )
]
texts = st.one_of(rule_sets().map(RuleSet.text), st.sampled_from(TEXTS))

TRAILING = "trailing"
OWN_LINE = "own line"
BELOW = "below a trailing one"
PLACES = (TRAILING, OWN_LINE, BELOW)


def parsed(text: str) -> ParseResult:
    result = parse(tree_of({"a.rules": text}))
    assert result.ok
    return result


def formatted(text: str) -> str:
    result = format_tree(tree_of({"a.rules": text}))
    assert result.diagnostics == ()
    return result.files[0].text


def words_of(text: str) -> list[Word]:
    with exclusive_grammar() as grammar:
        return lex(text, 0, grammar.scanner).words


def neighbours(text: str, result: ParseResult) -> list[tuple[str, int, bool]]:
    """Each comment with the number of words before it, and whether it stands on a line of its own."""
    ends = [word.end for word in words_of(text)]
    return [
        (comment.text, bisect_right(ends, comment.span.start), comment.own_line)
        for comment in result.trivia.comments[0]
    ]


def commented(text: str, places: list[str]) -> str:
    """The text without its comments, and a comment of its own behind every word; ``places`` go round."""
    pieces: list[str] = []
    for number, word in enumerate(words_of(text)):
        place = places[number % len(places)]
        head = "\n" if number and begins_line(text, word) else "  " if number else ""
        before = "\n  " if place == OWN_LINE else " "
        pieces.append(f"{head}{word.value}{before}# {number}\n")
        if place == BELOW:
            column = len(head.lstrip("\n")) + len(word.value) + 1
            pieces.append(" " * column + f"# and {number}\n")
    return "".join(pieces)


def begins_line(text: str, word: Word) -> bool:
    return word.start == 0 or text[word.start - 1] == "\n"


def hold(before: str) -> list[str]:
    """What must hold of any file that parses; the comments of its text in the one style."""
    after = formatted(before)
    assert formatted(after) == after
    was, became = parsed(before), parsed(after)
    assert same_tree(was.rule_set.files[0], became.rule_set.files[0])
    assert neighbours(after, became) == neighbours(before, was)
    assert all(line == line.rstrip() for line in after.splitlines())
    assert "\n\n\n" not in after
    assert after.endswith("\n")
    return [comment.text for comment in became.trivia.comments[0]]


@given(texts)
@examples(30, 1_000)
def test_formatting_settles_and_keeps_tree_and_comments(text: str) -> None:
    hold(text)


@given(texts, st.lists(st.sampled_from(PLACES), min_size=1, max_size=7))
@example(TEXTS[0], [TRAILING])
@example(TEXTS[0], [OWN_LINE])
@example(TEXTS[0], [BELOW])
@example(TEXTS[-1], [TRAILING, OWN_LINE])
@examples(20, 1_000)
def test_a_comment_behind_every_word_survives_in_its_place(text: str, places: list[str]) -> None:
    before = commented(text, places)
    count = len(words_of(text))
    assert [comment for comment in hold(before) if "and" not in comment] == [f"# {number}" for number in range(count)]


@given(texts, st.data())
@examples(20, 1_000)
def test_the_layout_does_not_depend_on_blanks_within_lines(text: str, data: st.DataObject) -> None:
    plain = "\n".join(line.split("#")[0] if '"' not in line else line for line in text.split("\n"))
    pieces: list[str] = []
    at = 0
    for word in words_of(plain):
        gap = plain[at : word.start]
        pieces.append(
            gap if "\n" in gap or "#" in gap or not gap else data.draw(st.sampled_from([" ", "  ", "\t", "     "]))
        )
        pieces.append(word.value)
        at = word.end
    assert formatted("".join(pieces) + plain[at:]) == formatted(plain)


@given(rule_sets())
@examples(15, 300)
def test_the_plan_of_the_formatted_text_means_the_same(found: RuleSet) -> None:
    before, after = (compile_tree(tree_of({"a.rules": text}), None) for text in (found.text(), formatted(found.text())))
    assert (before.plan is None) == (after.plan is None)
    if before.plan is not None and after.plan is not None:
        assert before.plan.semantic == after.plan.semantic
