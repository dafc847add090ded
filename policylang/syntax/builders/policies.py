"""Policies, the limits beyond them, and which policy a caller gets."""

from policylang.syntax import nodes
from policylang.syntax.builders.expressions import Expressions
from policylang.syntax.builders.parts import Children, Field


class Policies(Expressions):
    """Alternatives of ``policy``, ``limit`` and ``select``."""

    def policy(self, children: Children) -> nodes.Policy:
        return nodes.Policy(self.place(children), self.name_of(children[1]), tuple(children[3:-1]))

    def grants(self, children: Children) -> nodes.Grants:
        return nodes.Grants(self.place(children), self.texts_in(children))

    def rate(self, children: Children) -> nodes.Rate:
        count, per, burst = children[1], children[3], children[5]
        return nodes.Rate(self.place(children), self.number(count), self.duration(per), self.number(burst))

    def calendar_quota(self, children: Children) -> nodes.Quota:
        zone = children[4] if len(children) > 4 else None
        return nodes.Quota(self.place(children), self.number(children[1]), children[3].value, zone)

    def anchored_quota(self, children: Children) -> nodes.Quota:
        return nodes.Quota(self.place(children), self.number(children[1]), self.duration(children[3]))

    def unlimited_quota(self, children: Children) -> nodes.Quota:
        return nodes.Quota(self.place(children), None, None)

    def period(self, children: Children) -> Field:
        return self.field("period", children, children[0].value)

    def zone(self, children: Children) -> nodes.Str:
        return self.text(children[1])

    def limit(self, children: Children) -> nodes.Limit:
        name, scope, key, amount, verdict = (children[i] for i in (1, 3, 5, 7, 10))
        return nodes.Limit(self.place(children), self.name_of(name), scope, key, amount, verdict)

    def limit_key(self, children: Children) -> nodes.LimitKey:
        given = children[0]
        if isinstance(given, nodes.Ref | nodes.HeaderRef):
            return nodes.LimitKey(self.place(children), "ref", given)
        return nodes.LimitKey(self.place(children), given.value)

    def verdict(self, children: Children) -> str:
        word: str = children[0].value
        return word

    def select_first(self, children: Children) -> nodes.Select:
        return nodes.Select(self.place(children), every=False, scope=children[3], arms=tuple(children[5:-1]))

    def select_every(self, children: Children) -> nodes.Select:
        return nodes.Select(self.place(children), every=True, scope=children[3], arms=tuple(children[5:-1]))

    def named_arm(self, children: Children) -> nodes.Arm:
        return nodes.Arm(self.place(children), self.name_of(children[1]), children[2].value, otherwise=False)

    def named_otherwise(self, children: Children) -> nodes.Arm:
        return nodes.Arm(self.place(children), self.name_of(children[1]), None, otherwise=True)

    def named_always(self, children: Children) -> nodes.Arm:
        return nodes.Arm(self.place(children), self.name_of(children[1]), None, otherwise=False)

    def claimed_arm(self, children: Children) -> nodes.Arm:
        when = children[2].value if len(children) > 2 else None
        return nodes.Arm(self.place(children), children[1], when, otherwise=False)

    def refuse(self, children: Children) -> nodes.Arm:
        return nodes.Arm(self.place(children), None, None, otherwise=True)
