"""The formatter's spine: parse, lay out, prove. Every file of a tree by itself."""

from dataclasses import dataclass

from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.source_errors import source_trouble
from policylang.formatter.proof import laid_out, prove
from policylang.source.text import SourceText
from policylang.source.tree import SourceTree
from policylang.syntax.parse import parse


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file of a rule set and its text in the one style."""

    source: SourceText
    text: str

    @property
    def changed(self) -> bool:
        """Whether the file is laid out otherwise."""
        return self.source.text != self.text


@dataclass(frozen=True, slots=True)
class FormatResult:
    """The files that parse, in order, and why the others do not: spans are of the tree that was given."""

    files: tuple[Formatted, ...]
    diagnostics: tuple[Diagnostic, ...]


def format_tree(tree: SourceTree) -> FormatResult:
    """Format every file of a tree that parses.

    Raises:
        FormatterBroken: the formatter would have changed more than the layout, which is a bug.
    """
    parsed = parse(SourceTree(tree.files, tree.root))
    errors = [diagnostic for diagnostic in parsed.diagnostics if diagnostic.severity == "error"]
    broken = {diagnostic.span.file for diagnostic in errors}
    found: list[Formatted] = []
    for index, (source, file) in enumerate(zip(tree.files, parsed.rule_set.files, strict=True)):
        if index in broken or not source.readable:
            continue
        text = laid_out(source.text, file)
        if text != source.text:
            prove(file, parsed.trivia.comments[index], text)
        found.append(Formatted(source, text))
    return FormatResult(tuple(found), (*(source_trouble(trouble) for trouble in tree.troubles), *errors))
