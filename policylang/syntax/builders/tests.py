"""Tests inside rule files: steps, facts and expectations."""

from policylang.syntax import nodes
from policylang.syntax.builders.literals import Literals
from policylang.syntax.builders.parts import Children


class Tests(Literals):
    """Alternatives of ``test`` and below."""

    def test(self, children: Children) -> nodes.Test:
        return nodes.Test(self.place(children), self.verbatim(children[1]), tuple(children[3:-1]))

    def at_step(self, children: Children) -> nodes.AtStep:
        return nodes.AtStep(self.place(children), self.instant(children[1]))

    def token_step(self, children: Children) -> nodes.TokenStep:
        return nodes.TokenStep(self.place(children), self.name_of(children[1]), tuple(children[3:-1]))

    def metadata_step(self, children: Children) -> nodes.MetadataStep:
        return nodes.MetadataStep(self.place(children), tuple(children[2:-1]))

    def metadata_down(self, children: Children) -> nodes.MetadataStep:
        return nodes.MetadataStep(self.place(children), None)

    def request_step(self, children: Children) -> nodes.RequestStep:
        peer = children[3] if len(children) > 3 else None
        return nodes.RequestStep(self.place(children), self.name_of(children[1]), self.verbatim(children[2]), peer)

    def peer(self, children: Children) -> nodes.Str:
        return self.text(children[1])

    def repeat_step(self, children: Children) -> nodes.RepeatStep:
        return nodes.RepeatStep(self.place(children), self.number(children[1]))

    def expect_allow(self, children: Children) -> nodes.ExpectStep:
        return nodes.ExpectStep(self.place(children), allowed=True, status=None, expectations=tuple(children[2:]))

    def expect_deny(self, children: Children) -> nodes.ExpectStep:
        return nodes.ExpectStep(
            self.place(children), allowed=False, status=self.number(children[2]), expectations=tuple(children[3:])
        )

    def fact(self, children: Children) -> nodes.Fact:
        return nodes.Fact(self.place(children), self.key_name(children[0]), "value", children[1])

    def fact_absent(self, children: Children) -> nodes.Fact:
        return nodes.Fact(self.place(children), self.key_name(children[0]), "absent", None)

    def fact_raw(self, children: Children) -> nodes.Fact:
        return nodes.Fact(self.place(children), self.key_name(children[0]), "raw", self.verbatim(children[2]))

    def expect_by(self, children: Children) -> nodes.Expectation:
        return nodes.Expectation(self.place(children), "by", (self.name_of(children[1]),))

    def expect_header(self, children: Children) -> nodes.Expectation:
        name = self.exact_header(children[1])
        return nodes.Expectation(self.place(children), "header", (name,), self.verbatim(children[2]))

    def expect_no_header(self, children: Children) -> nodes.Expectation:
        return nodes.Expectation(self.place(children), "header", (self.exact_header(children[1]),))

    def expect_policy(self, children: Children) -> nodes.Expectation:
        return nodes.Expectation(self.place(children), "policy", self.names_in(children))
