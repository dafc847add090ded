"""Routes and scopes."""

from policylang.syntax import nodes
from policylang.syntax.builders.literals import Literals
from policylang.syntax.builders.parts import Children, Field, grouped
from policylang.syntax.host_pattern import host_pattern
from policylang.syntax.path_pattern import path_pattern
from policylang.syntax.strings import decode


class Routes(Literals):
    """Alternatives of ``route`` and ``scope``."""

    def route(self, children: Children) -> nodes.Route:
        return nodes.Route(self.place(children), self.name_of(children[1]), **grouped(children))

    def match(self, children: Children) -> Field:
        patterns = tuple(
            path_pattern(decode(word.value, self.at(word), self.complain), self.at(word), word.value, self.complain)
            for word in children[3::2]
        )
        methods = tuple(self.checked_method(name) for name in children[1].value)
        return self.field("matches", children, nodes.Match(self.place(children), methods, patterns))

    def host(self, children: Children) -> Field:
        patterns = tuple(
            host_pattern(decode(word.value, self.at(word), self.complain), self.at(word), word.value, self.complain)
            for word in children[1::2]
        )
        return self.field("hosts", children, patterns)

    def trust(self, children: Children) -> Field:
        return self.field("trust", children, tuple(children[1::2]))

    def upstream(self, children: Children) -> Field:
        return self.field("upstream", children, children[1].value)

    def tags(self, children: Children) -> Field:
        return self.field("tags", children, self.names_in(children))

    def timeout_kind(self, children: Children) -> str:
        word: str = children[0].value
        return word

    def timeout(self, children: Children) -> Field:
        node = nodes.Timeout(self.place(children), children[1], self.duration(children[2]))
        return self.field("timeouts", children, node)

    def strip_prefix(self, children: Children) -> Field:
        return self.field("strip_prefix", children, self.text(children[2]))

    def add_prefix(self, children: Children) -> Field:
        return self.field("add_prefix", children, self.text(children[2]))

    def preserve_host(self, children: Children) -> Field:
        return self.field("preserve_host", children, nodes.Node(self.place(children)))

    def trusted(self, children: Children) -> nodes.Name:
        return self.name_of(children[0])

    def scope_all(self, children: Children) -> nodes.Scope:
        return nodes.Scope(self.place(children), "all")

    def scope_names(self, children: Children) -> nodes.Scope:
        return nodes.Scope(self.place(children), "names", self.names_in(children))

    def scope_tagged(self, children: Children) -> nodes.Scope:
        return nodes.Scope(self.place(children), "tagged", self.names_in(children))

    def scope_capture(self, children: Children) -> nodes.Scope:
        name = nodes.Name(self.at(children[3]), self.member_name(children[3]))
        return nodes.Scope(self.place(children), "capture", (name,))

    def scope_trusting(self, children: Children) -> nodes.Scope:
        return nodes.Scope(self.place(children), "trusting", (children[2],))
