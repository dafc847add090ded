"""The proof that formatting changed nothing but the layout: one tree, the same remarks, and a text that formats to itself."""

from dataclasses import fields

from policylang.formatter.concrete import concrete
from policylang.formatter.layout import lines_of
from policylang.formatter.trailing import text_of
from policylang.source.tree import tree_of
from policylang.syntax.nodes import File, Node
from policylang.syntax.parse import parse
from policylang.syntax.trivia import Comment


class FormatterBroken(Exception):
    """The formatter would have changed more than the layout: a bug of its own. ``path`` is the file's, as it was given."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"internal error: formatting {path} {reason}; nothing was written")
        self.path = path
        self.reason = reason


def laid_out(text: str, file: File) -> str:
    """The text of a file in the one style; ``file`` is what it was parsed to, without an error."""
    return text_of(lines_of(concrete(text, file)))


def prove(file: File, comments: tuple[Comment, ...], text: str) -> None:
    """Prove that ``text`` is the file as it was parsed, laid out.

    Raises:
        FormatterBroken: it is not.
    """
    parsed = parse(tree_of({file.path: text}))
    if not parsed.ok:
        raise FormatterBroken(file.path, f"would break it: {parsed.diagnostics[0].title}")
    (again,) = parsed.rule_set.files
    if not same_tree(file, again):
        raise FormatterBroken(file.path, "would change what it says")
    if [comment.text for comment in comments] != [comment.text for comment in parsed.trivia.comments[0]]:
        raise FormatterBroken(file.path, "would lose or move a comment")
    if laid_out(text, again) != text:
        raise FormatterBroken(file.path, "does not settle: a second time gives another text")


def same_tree(left: Node, right: Node) -> bool:
    """Whether two nodes say the same: equal in everything but spans, all the way down."""
    pending: list[tuple[object, object]] = [(left, right)]
    while pending:
        one, other = pending.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, Node):
            names = [field.name for field in fields(one) if field.name != "span"]
            pending += [(getattr(one, name), getattr(other, name)) for name in names]
        elif isinstance(one, tuple) and isinstance(other, tuple):
            if len(one) != len(other):
                return False
            pending += zip(one, other, strict=True)
        elif one != other:
            return False
    return True
