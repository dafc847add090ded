"""Rules, lets, headers and identity tokens."""

from policylang.syntax import nodes
from policylang.syntax.builders.expressions import Expressions
from policylang.syntax.builders.parts import Children, Field, grouped


class Rules(Expressions):
    """Alternatives of ``rule``, ``let``, ``headers`` and ``identity_token``."""

    def let(self, children: Children) -> nodes.Let:
        return nodes.Let(self.place(children), self.name_of(children[1]), self.sealed(children[3]))

    def rule(self, children: Children) -> nodes.Rule:
        parts = {part.name: part.value for part in children[4:]}
        return nodes.Rule(
            self.place(children),
            children[0].value,
            self.name_of(children[1]),
            children[3],
            parts.get("methods", ()),
            parts.get("when"),
            parts.get("unless"),
            parts.get("until"),
            parts.get("step_up"),
        )

    def effect(self, children: Children) -> Field:
        word = {"SHADOW_ALLOW": "shadow allow", "SHADOW_DENY": "shadow deny"}.get(children[0].type, children[0].value)
        return self.field("effect", children, word)

    def methods(self, children: Children) -> Field:
        return self.field("methods", children, tuple(self.checked_method(name) for name in children[1].value))

    def when(self, children: Children) -> Field:
        return self.field("when", children, self.sealed(children[1]))

    def unless(self, children: Children) -> Field:
        return self.field("unless", children, self.sealed(children[1]))

    def always(self, children: Children) -> Field:
        return self.field("always", children, None)

    def until(self, children: Children) -> Field:
        return self.field("until", children, self.instant(children[1]))

    def step_up(self, children: Children) -> Field:
        return self.field("step_up", children, self.text(children[2]))

    def headers(self, children: Children) -> nodes.Headers:
        return nodes.Headers(self.place(children), children[0].value, children[3], tuple(children[5:-1]))

    def direction(self, children: Children) -> Field:
        return self.field("direction", children, children[0].value)

    def remove_header(self, children: Children) -> nodes.RemoveHeader:
        return nodes.RemoveHeader(self.place(children), tuple(self.header_pattern(name) for name in children[1::2]))

    def set_header(self, children: Children) -> nodes.SetHeader:
        omit = children[3].value if len(children) > 3 else None
        return nodes.SetHeader(self.place(children), self.exact_header(children[1]), children[2], omit)

    def omit(self, children: Children) -> Field:
        return self.field("omit", children, children[2].value)

    def omit_case(self, children: Children) -> Field:
        return self.field("case", children, children[0].value)

    def joined(self, children: Children) -> nodes.Joined:
        return nodes.Joined(self.place(children), children[0], self.text(children[3]))

    def identity_token(self, children: Children) -> nodes.IdentityToken:
        return nodes.IdentityToken(
            self.place(children), self.name_of(children[2]), children[4], **grouped(children[6:-1])
        )

    def token_audience(self, children: Children) -> Field:
        return self.field("audience", children, children[1])

    def token_subject(self, children: Children) -> Field:
        return self.field("subject", children, children[1])

    def token_lifetime(self, children: Children) -> Field:
        return self.field("lifetime", children, self.duration(children[1]))

    def token_header(self, children: Children) -> Field:
        node = nodes.OutHeader(self.place(children), self.exact_header(children[1]), bearer=len(children) > 2)
        return self.field("header", children, node)

    def token_claims(self, children: Children) -> Field:
        return self.field("claims", children, tuple(children[2:-1]))

    def minted(self, children: Children) -> nodes.Minted:
        return nodes.Minted(self.place(children), self.key_name(children[0]), children[1])
