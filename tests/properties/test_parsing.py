"""Properties 7 and 12: any bytes give a tree or complaints that point into the file; one grammar, however it is run."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import jsonschema
from hypothesis import example, given
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import UnexpectedInput

from policylang.diagnostics.render_json import as_objects
from policylang.diagnostics.render_text import render_text
from policylang.source.tree import SourceTree, read_tree, tree_of
from policylang.syntax.characters import FORBIDDEN
from policylang.syntax.grammar import grammar_text
from policylang.syntax.parse import ParseResult, parse
from policylang.syntax.walk import children, walk
from tests.strategies.profile import examples

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
GOOD = [path.read_text(encoding="utf-8") for path in (DATA / "sample.rules", *sorted((DATA / "situations").iterdir()))]
VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((ROOT / "schemas" / "diagnostics.v1.json").read_text(encoding="utf-8"))
)
PLAIN = {lexer: Lark(grammar_text(), parser="lalr", lexer=lexer, start="file") for lexer in ("basic", "contextual")}
SYNTAX = {f"R{number}" for number in range(100, 130)} | {"R153", "R154", "R155"}
"""What is complained of without an item: the rest of the codes is about items that the grammar has taken."""

WORDS = sorted({word for text in GOOD for word in text.split()} | set("{}()[],=+-<>#\"'%;:.!?&|\\\u200b\x00日"))
SLIPS = st.sampled_from(
    ["", " ", "\n", "\r", "\t", '"', "'", "\\", "{", "}", "(", ")", "[", "]", "#", ",", "=", "==", "??", "..", ".x", "x:", "X-Y",
     "1", "5min", "2026-01-01", "not ", " or ", " and ", "when", "always", "\nallow ", "\nroute ", "\n}", "{claims.x}", "\u202e",
     "\ud800", "\x00", "é", "shadow ", "shadow deny ", "language 1", "keyring", "(" * 70, "[" * 70, "not " * 70, "+1" * 70]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good file with a few pieces cut out, doubled, moved or replaced."""
    text = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 1, 2, 5, 20, 200])))
        piece = draw(st.one_of(SLIPS, st.sampled_from([text[start:end] * 2, text[:20], text[start:end][::-1]])))
        text = text[:start] + piece + text[end:]
    return text


soup = st.lists(st.one_of(st.sampled_from(WORDS), SLIPS), max_size=40).map(" ".join)
lines = st.lists(soup, max_size=8).map("\n".join)
anything = st.one_of(
    mutated(), soup.map("language 1 ".__add__), lines.map("language 1\n".__add__), st.text(max_size=200)
)


def sound(tree: SourceTree) -> ParseResult:
    """Parse, and hold the result to what every result promises."""
    result = parse(tree)
    sizes = [len(file.text) for file in tree.files]
    for diagnostic in result.diagnostics:
        for span in [label.span for label in diagnostic.labels] + [edit.span for edit in diagnostic.edits]:
            assert 0 <= span.start <= span.end <= (sizes[span.file] if span.file < len(sizes) else 0)
        assert diagnostic.title.isprintable()
    assert list(result.diagnostics) == sorted(result.diagnostics, key=lambda d: (d.span, d.code))
    assert len(result.rule_set.files) == len(tree.files)
    for file in result.rule_set.files:
        for node in walk(file):
            assert all(
                node.span.start <= child.span.start <= child.span.end <= node.span.end for child in children(node)
            )
    for comments in result.trivia.comments:
        assert all(tree.text_of(comment.span).startswith("#") for comment in comments)
    VALIDATOR.validate(as_objects(result.diagnostics, tree.files))
    shown = render_text(result.diagnostics, tree.files)
    assert all(character.isprintable() or character == "\n" for character in shown)
    return result


@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbflanguage 1")
@example(b"language 1\n\xc3\x28")
@example("language 1\n# \ud800".encode("utf-8", "surrogatepass"))
@example(b"\xff\xfel\x00")
@examples(100)
def test_any_bytes_give_a_tree_or_a_complaint(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.rules").write_bytes(content)
        result = sound(read_tree(Path(folder)))
    assert result.diagnostics or result.rule_set.files[0].items or content.split() == [b"language", b"1"]


@given(anything)
@example("language 1\n" + "(" * 20_000)
@example("language 1\nlet x = " + "not " * 20_000 + "y")
@example("language 1\nlet x = " + "1+" * 20_000 + "1")
@example("language 1\n" + "}" * 10_000)
@example("language 1\n" + "allow " * 10_000)
@example("language 1\n" + "allow\n" * 500)
@example("language 1\nlet x = " + "9" * 100_000)
@example('language 1\nlet x = "' + "{" * 50_000 + '"')
@example('language 1\nroute r { match GET on "/' + "{a:" * 20_000 + '" }')
@examples(300)
def test_any_text_gives_a_tree_or_a_complaint(text: str) -> None:
    sound(tree_of({"a.rules": text}))


@given(st.lists(anything, min_size=2, max_size=4))
@examples(30)
def test_what_one_file_says_does_not_depend_on_the_others(texts: list[str]) -> None:
    together = parse(tree_of({f"{index}.rules": text for index, text in enumerate(texts)}))
    for index, text in enumerate(texts):
        alone = parse(tree_of({"0.rules": text}))
        said = [(d.code, d.title, d.span.start, d.span.end) for d in together.diagnostics if d.span.file == index]
        assert said == [(d.code, d.title, d.span.start, d.span.end) for d in alone.diagnostics]
        assert len(together.rule_set.files[index].items) == len(alone.rule_set.files[0].items)


@given(anything)
@example("language 1\nroute r { canary% }")
@example("language 1\nkeyring%")
@example("language 1\nkeyring a { 5% }\n% % %")
@example("language 1\nallow a on b always %")
@examples(300)
def test_the_reading_item_by_item_accepts_what_the_grammar_accepts(text: str) -> None:
    """Recovery never lets through what plain LALR refuses, nor refuses what it takes; both lexers give that one tree."""
    if FORBIDDEN.search(text) or "shadow" in text.split():
        return
    refused = SYNTAX.intersection(d.code for d in parse(tree_of({"a.rules": text})).diagnostics)
    try:
        tree = PLAIN["basic"].parse(text)
    except UnexpectedInput:
        assert refused
        return
    assert refused <= {"R101", "R109"}, refused
    assert PLAIN["contextual"].parse(text) == tree
