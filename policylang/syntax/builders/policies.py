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
        count, per, burst = self.number(children[1]), self.duration(children[3]), self.number(children[5])
        return nodes.Rate(self.place(children), count, per, burst, _lease(children))

    def calendar_quota(self, children: Children) -> nodes.Quota:
        zone = next((child for child in children[4:] if isinstance(child, nodes.Str)), None)
        return nodes.Quota(self.place(children), self.number(children[1]), children[3].value, zone, _lease(children))

    def anchored_quota(self, children: Children) -> nodes.Quota:
        count, window = self.number(children[1]), self.duration(children[3])
        return nodes.Quota(self.place(children), count, window, None, _lease(children))

    def unlimited_quota(self, children: Children) -> nodes.Quota:
        return nodes.Quota(self.place(children), None, None, None, _lease(children))

    def concurrency(self, children: Children) -> nodes.Concurrency:
        return nodes.Concurrency(self.place(children), self.number(children[1]), self.duration(children[5]))

    def lease(self, children: Children) -> Field:
        return self.field("lease", children, self.number(children[1]))

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


def _lease(children: Children) -> nodes.Int | None:
    last = children[-1]
    return last.value if isinstance(last, Field) and last.name == "lease" else None
