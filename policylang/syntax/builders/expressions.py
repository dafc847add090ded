"""Expressions. ``and`` and ``or`` are n-ary; what the grammar lets through and the language does not is refused here."""

from typing import Any, Literal

from policylang.syntax import errors_expressions, nodes
from policylang.syntax.builders.literals import Literals
from policylang.syntax.builders.parts import Children, Paren
from policylang.syntax.walk import depth

DEPTH_CAP = 64


class Expressions(Literals):
    """Alternatives of ``expr`` and everything below it."""

    def sealed(self, operand: Any) -> nodes.Expr:
        """A whole expression: parentheses off, and no deeper than the cap."""
        expression = self.bare(operand)
        span = expression.span
        # a level takes two characters at least: `1+`
        if span.end - span.start > 2 * DEPTH_CAP and depth(expression) > DEPTH_CAP:
            self.complain(errors_expressions.too_deep(span, DEPTH_CAP))
        return expression

    def operand(self, operand: Any) -> nodes.Expr:
        """One side of an operator: parentheses off; a bare ``??`` there needs them."""
        if type(operand) is Paren:
            return operand.inner
        if type(operand) is nodes.Coalesce:
            self.complain(errors_expressions.coalesce_needs_parentheses(operand.span))
        plain: nodes.Expr = operand
        return plain

    def or_(self, children: Children) -> nodes.Or:
        for child in children[::2]:
            if type(child) is nodes.And:
                self.complain(errors_expressions.mixed_and_or(child.span))
        return nodes.Or(self.place(children), tuple(self.operand(child) for child in children[::2]))

    def and_(self, children: Children) -> nodes.And:
        return nodes.And(self.place(children), tuple(self.operand(child) for child in children[::2]))

    def not_(self, children: Children) -> nodes.Not:
        return nodes.Not(self.place(children), self.operand(children[1]))

    def compare(self, children: Children) -> nodes.Compare:
        left, operator, right = children
        return nodes.Compare(self.place(children), operator.value, self.operand(left), self.operand(right))

    def _member(self, children: Children, item: Any, container: Any, *, negated: bool) -> nodes.In:
        return nodes.In(self.place(children), self.operand(item), self.operand(container), negated)

    def member(self, children: Children) -> nodes.In:
        return self._member(children, children[0], children[2], negated=False)

    def not_member(self, children: Children) -> nodes.In:
        return self._member(children, children[0], children[3], negated=True)

    def any_of(self, children: Children) -> nodes.AnyOf:
        return nodes.AnyOf(self.place(children), self.operand(children[2]), self.operand(children[4]))

    def all_of(self, children: Children) -> nodes.AllOf:
        return nodes.AllOf(self.place(children), self.operand(children[2]), self.operand(children[4]))

    def present(self, children: Children) -> nodes.Presence:
        return nodes.Presence(self.place(children), children[0], absent=False)

    def absent(self, children: Children) -> nodes.Presence:
        return nodes.Presence(self.place(children), children[0], absent=True)

    def older(self, children: Children) -> nodes.Older:
        return nodes.Older(self.place(children), children[0], self.duration(children[3]))

    def _text_test(self, op: Literal["starts", "ends", "matches"], children: Children) -> nodes.TextTest:
        return nodes.TextTest(self.place(children), op, self.operand(children[0]), self.text(children[-1]))

    def starts(self, children: Children) -> nodes.TextTest:
        return self._text_test("starts", children)

    def ends(self, children: Children) -> nodes.TextTest:
        return self._text_test("ends", children)

    def matches(self, children: Children) -> nodes.TextTest:
        return self._text_test("matches", children)

    def issuer_is(self, children: Children) -> nodes.IssuerIs:
        return nodes.IssuerIs(self.place(children), children[2], negated=False)

    def issuer_is_not(self, children: Children) -> nodes.IssuerIs:
        return nodes.IssuerIs(self.place(children), children[3], negated=True)

    def arith(self, children: Children) -> nodes.Expr:
        left = self.operand(children[0])
        for index in range(1, len(children), 2):
            operator, right = children[index], children[index + 1]
            span = self.place([children[0], right])
            left = nodes.Arith(span, "+" if operator.value == "+" else "-", left, self.operand(right))
        return left

    def coalesce_(self, children: Children) -> nodes.Coalesce:
        return nodes.Coalesce(self.place(children), self.bare(children[0]), self.bare(children[2]))

    def bare(self, operand: Any) -> nodes.Expr:
        """Parentheses off, nothing else asked."""
        expression: nodes.Expr = operand.inner if type(operand) is Paren else operand
        return expression

    def paren(self, children: Children) -> Paren:
        return Paren(self.bare(children[1]), self.place(children))

    def let_ref(self, children: Children) -> nodes.LetRef:
        return nodes.LetRef(self.at(children[0]), children[0].value)

    def root(self, children: Children) -> Any:
        return children[0]

    def ref(self, children: Children) -> nodes.Ref:
        return nodes.Ref(self.place(children), children[0].value, self.member_name(children[1]))

    def header_ref(self, children: Children) -> nodes.HeaderRef:
        name = self.text(children[2])
        self.exact_header(name)
        return nodes.HeaderRef(self.place(children), name)
