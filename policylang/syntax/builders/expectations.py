"""What a test expects of an answer."""

from typing import Literal

from policylang.syntax import nodes, nodes_test
from policylang.syntax.builders.literals import Literals
from policylang.syntax.builders.parts import Children
from policylang.syntax.words import Word


class Expectations(Literals):
    """Alternatives of ``answer``, ``expectation`` and below."""

    def expect_step(self, children: Children) -> nodes_test.ExpectStep:
        return nodes_test.ExpectStep(self.place(children), children[1])

    def expect_row(self, children: Children) -> nodes_test.ExpectStep:
        return nodes_test.ExpectStep(self.place(children), children[1], tuple(children[2:]))

    def answer(self, children: Children) -> nodes_test.Expected:
        if children[0].type == "ALLOW":
            return nodes_test.Expected(
                self.place(children), allowed=True, status=None, expectations=tuple(children[1:])
            )
        return nodes_test.Expected(
            self.place(children), allowed=False, status=self.number(children[1]), expectations=tuple(children[2:])
        )

    def expect_name(self, children: Children) -> nodes_test.ExpectName:
        return nodes_test.ExpectName(self.place(children), children[0].value, (self.name_of(children[1]),))

    def expect_as_step_up(self, children: Children) -> nodes_test.ExpectName:
        return nodes_test.ExpectName(self.place(children), "as", (self.name_of(children[1]),))

    def expect_word(self, children: Children) -> object:
        return children[0]

    def expect_policy(self, children: Children) -> nodes_test.ExpectName:
        return nodes_test.ExpectName(self.place(children), "policy", self.names_in(children))

    def expect_step_up(self, children: Children) -> nodes_test.ExpectStepUp:
        texts = tuple(self.verbatim(c) for c in children if type(c) is Word and c.type == "STRING")
        return nodes_test.ExpectStepUp(self.place(children), texts)

    def expect_header(self, children: Children) -> nodes_test.ExpectHeader:
        place, wanted = self.place(children), children[-1]
        direction: Literal["request", "response"] = "response" if children[0].type == "RESPONSE" else "request"
        name = self.exact_header(children[-2])
        match wanted:
            case Word(type="ABSENT"):
                return nodes_test.ExpectHeader(place, direction, name, "absent", None)
            case Word():
                return nodes_test.ExpectHeader(place, direction, name, "present", None)
            case nodes.SecretRef():
                secret = nodes.Name(wanted.span, wanted.name)
                return nodes_test.ExpectHeader(place, direction, name, "secret", secret)
            case _:
                return nodes_test.ExpectHeader(place, direction, name, "value", wanted)

    def value_present(self, children: Children) -> object:
        return children[0]

    def value_absent(self, children: Children) -> object:
        return children[0]

    def expect_token(self, children: Children) -> nodes_test.ExpectToken:
        return nodes_test.ExpectToken(self.place(children), self.name_of(children[2]), tuple(children[4:-1]))

    def expect_no_token(self, children: Children) -> nodes_test.ExpectToken:
        return nodes_test.ExpectToken(self.place(children), self.name_of(children[2]), None)

    def expect_charged(self, children: Children) -> nodes_test.ExpectCharged:
        counters = tuple(c for c in children if isinstance(c, nodes_test.Counter))
        return nodes_test.ExpectCharged(self.place(children), counters)

    def expect_left(self, children: Children) -> nodes_test.ExpectLeft:
        return nodes_test.ExpectLeft(self.place(children), children[1], children[3])

    def expect_shadow(self, children: Children) -> nodes_test.ExpectShadow:
        word, name, _, value = children
        effect: Literal["shadow allow", "shadow deny"] = (
            "shadow allow" if word.type == "SHADOW_ALLOW" else "shadow deny"
        )
        return nodes_test.ExpectShadow(self.place(children), effect, self.name_of(name), value)

    def shadow(self, children: Children) -> object:
        return children[0]
