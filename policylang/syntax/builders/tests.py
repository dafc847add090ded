"""Tests inside rule files: what is given and what is asked. What is expected is built in ``expectations``."""

from policylang.syntax import nodes, nodes_test
from policylang.syntax.builders.literals import Literals
from policylang.syntax.builders.parts import Children


class Tests(Literals):
    """Alternatives of ``test``, ``given``, ``step`` and below."""

    def test(self, children: Children) -> nodes_test.Test:
        return nodes_test.Test(self.place(children), self.verbatim(children[1]), tuple(children[3:-1]))

    def given(self, children: Children) -> nodes_test.Given:
        return nodes_test.Given(self.place(children), self.name_of(children[1]), tuple(children[3:-1]))

    def at_step(self, children: Children) -> nodes_test.AtStep:
        return nodes_test.AtStep(self.place(children), self.instant(children[1]))

    def after_step(self, children: Children) -> nodes_test.AfterStep:
        return nodes_test.AfterStep(self.place(children), self.duration(children[1]))

    def given_step(self, children: Children) -> nodes_test.GivenStep:
        return nodes_test.GivenStep(self.place(children), self.name_of(children[1]))

    def token_step(self, children: Children) -> nodes_test.TokenStep:
        return nodes_test.TokenStep(self.place(children), self.name_of(children[1]), tuple(children[3:-1]))

    def token_with(self, children: Children) -> nodes_test.TokenStep:
        return nodes_test.TokenStep(self.place(children), None, tuple(children[3:-1]))

    def token_raw(self, children: Children) -> nodes_test.RawTokenStep:
        return nodes_test.RawTokenStep(self.place(children), children[2])

    def token_absent(self, children: Children) -> nodes_test.RawTokenStep:
        return nodes_test.RawTokenStep(self.place(children), None)

    def metadata_step(self, children: Children) -> nodes_test.MetadataStep:
        return nodes_test.MetadataStep(self.place(children), tuple(children[2:-1]))

    def metadata_down(self, children: Children) -> nodes_test.MetadataStep:
        return nodes_test.MetadataStep(self.place(children), None)

    def used_step(self, children: Children) -> nodes_test.UsedStep:
        return nodes_test.UsedStep(self.place(children), children[1], children[3])

    def request_step(self, children: Children) -> nodes_test.RequestStep:
        return nodes_test.RequestStep(self.place(children), children[1], children[2], tuple(children[3:]))

    def repeat_step(self, children: Children) -> nodes_test.RepeatStep:
        return nodes_test.RepeatStep(self.place(children), self.number(children[1]))

    def row_step(self, children: Children) -> nodes_test.RowStep:
        return nodes_test.RowStep(self.place(children), tuple(children[2:-1]))

    def method_name(self, children: Children) -> nodes.Name:
        return self.name_of(children[0])

    def sent_text(self, children: Children) -> nodes.Str:
        return self.verbatim(children[0])

    def amount_number(self, children: Children) -> nodes.Int:
        return self.number(children[0])

    def row_ref(self, children: Children) -> nodes_test.RowRef:
        return nodes_test.RowRef(self.place(children), self.member_name(children[1]))

    def request_place(self, children: Children) -> nodes_test.RequestPart:
        return nodes_test.RequestPart(self.place(children), children[0].value, None, children[1])

    def request_word(self, children: Children) -> object:
        return children[0]

    def request_header(self, children: Children) -> nodes_test.RequestPart:
        name = self.exact_header(children[1])
        return nodes_test.RequestPart(self.place(children), "header", name, children[2])

    def counter(self, children: Children) -> nodes_test.Counter:
        first, second = children
        if first.type == "LIMIT":
            return nodes_test.Counter(self.place(children), "limit", self.name_of(second))
        return nodes_test.Counter(self.place(children), second.value, self.name_of(first))

    def counter_word(self, children: Children) -> object:
        return children[0]

    def fact(self, children: Children) -> nodes_test.Fact:
        return nodes_test.Fact(self.place(children), self.key_name(children[0]), "value", children[1])

    def fact_absent(self, children: Children) -> nodes_test.Fact:
        return nodes_test.Fact(self.place(children), self.key_name(children[0]), "absent", None)

    def fact_raw(self, children: Children) -> nodes_test.Fact:
        return nodes_test.Fact(self.place(children), self.key_name(children[0]), "raw", self.verbatim(children[2]))

    def fact_ago(self, children: Children) -> nodes_test.Fact:
        return nodes_test.Fact(self.place(children), self.key_name(children[0]), "ago", self.duration(children[1]))

    def fact_ahead(self, children: Children) -> nodes_test.Fact:
        return nodes_test.Fact(self.place(children), self.key_name(children[0]), "ahead", self.duration(children[2]))

    def cell_method(self, children: Children) -> nodes_test.Cell:
        return nodes_test.Cell(self.place(children), self.key_name(children[0]), self.name_of(children[1]))

    def cell_answer(self, children: Children) -> nodes_test.Cell:
        return nodes_test.Cell(self.place(children), self.key_name(children[0]), children[1])
