"""Declarations of claims and of metadata, with their type terms."""

from typing import Any

from policylang.syntax import errors_declarations, nodes
from policylang.syntax.builders.literals import Literals
from policylang.syntax.builders.parts import Children, Field, grouped
from policylang.syntax.words import Word


class Claims(Literals):
    """Alternatives of ``claim``, ``metadata`` and ``type``."""

    def claims(self, children: Children) -> Field:
        return self.field("claims", children, tuple(children[2:-1]))

    def metadata(self, children: Children) -> nodes.Metadata:
        inside = children[2:-1]
        fresh = inside.pop(0) if inside and isinstance(inside[0], nodes.Duration) else None
        return nodes.Metadata(self.place(children), fresh, tuple(inside))

    def freshness(self, children: Children) -> nodes.Duration:
        return self.duration(children[2])

    def claim(self, children: Children) -> nodes.Claim:
        key: Word = children[0]
        modifiers = children[2:]
        given: dict[str, Any] = {}
        for name, values in grouped(modifiers).items():
            if len(values) > 1:
                second = [m for m in modifiers if m.name == name][1]
                self.complain(errors_declarations.repeated_modifier(second.span, _WORDS[name]))
            given[name] = values[0]
        return nodes.Claim(self.place(children), self.key_name(key), children[1], **given)

    def optional(self, children: Children) -> Field:
        return self.field("optional", children, value=True)

    def default(self, children: Children) -> Field:
        return self.field("default", children, children[1])

    def pinned(self, children: Children) -> Field:
        return self.field("always", children, children[1])

    def split(self, children: Children) -> Field:
        return self.field("split", children, self.text(children[1]))

    def source(self, children: Children) -> Field:
        return self.field("source", children, children[1].value)

    def null_as_absent(self, children: Children) -> Field:
        return self.field("null_as_absent", children, value=True)

    def plain_type(self, children: Children) -> nodes.TypeTerm:
        return nodes.TypeTerm(self.place(children), children[0].value)

    def text_type(self, children: Children) -> nodes.TypeTerm:
        if len(children) == 1:
            return nodes.TypeTerm(self.place(children), "text")
        low, high = children[1].value
        return nodes.TypeTerm(self.place(children), "text", low, high)

    def text_range(self, children: Children) -> Field:
        return self.field("range", children, (self.number(children[1]).value, self.number(children[3]).value))

    def int_type(self, children: Children) -> nodes.TypeTerm:
        return nodes.TypeTerm(self.place(children), "int", children[1].value, children[3].value)

    def enum_type(self, children: Children) -> nodes.TypeTerm:
        return nodes.TypeTerm(self.place(children), "enum", values=self.texts_in(children))

    def set_type(self, children: Children) -> nodes.TypeTerm:
        return nodes.TypeTerm(self.place(children), "set", item=children[2])


_WORDS = {
    "optional": "optional",
    "default": "default",
    "always": "always",
    "split": "split",
    "source": "from",
    "null_as_absent": "null as absent",
}
