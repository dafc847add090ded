"""What a plan's parts say of each other: every index has its object, every name its declaration, every table its order.

Law of this file: it never changes a plan, and it checks each part that ``codegen`` relies on without looking.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter, le, lt
from typing import Any

from policylang.plan import kinds
from policylang.plan.model import Condition, Expr, Plan, Position, Route
from policylang.plan.operators import operands
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import STRIDE, Pace, Steps

TABLE_ORDER: dict[str, Callable[[Any], Any]] = {
    "files": lambda file: file.path,
    "secrets": lambda name: name,
    "issuers": lambda issuer: issuer.name,
    "policies": lambda policy: policy.name,
    "rules": lambda rule: (rule.effect, rule.name),
    "tokens": lambda token: token.name,
    "limits": lambda limit: limit.name,
    "routes": lambda route: route.name,
}
"""The tables whose elements are told apart by a key, and the key that they are sorted by."""

_POSITION_KEY = attrgetter("file", "line", "column", "end_line", "end_column")
_POSITION_START = attrgetter("line", "column")
_POSITION_END = attrgetter("end_line", "end_column")
_POSITIONS_AT_ONCE = 5 * STRIDE
_ANY = kinds.SCALARS | kinds.SETS
_User = tuple[str, Iterable[tuple[Expr | Condition | None, int]]]
"""Where something stands in the plan, and its expressions, each with the sorts of value that can stand there."""

_NAMING = frozenset(("claim", "meta", "issuer", "path", "grants"))


class References:
    """The checks of one plan. ``steps`` runs them all and raises the first refusal."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._pace = Pace()
        self._claims = {claim.name for issuer in plan.issuers for claim in issuer.claims}
        self._fields = {claim.name for claim in plan.metadata.fields} if plan.metadata else set()
        self._issuers = {issuer.name for issuer in plan.issuers}
        self._captures = {name for route in plan.routes for name in route.captures}
        self._kinds = kinds.Kinds(plan)
        self._selected: list[frozenset[str]] = []

    def steps(self) -> Steps[None]:
        """Check everything, giving way in between."""
        plan = self._plan
        yield from self._order()
        yield from self._positions()
        yield from self._declarations()
        self._selected = yield from self._selects()
        rules = yield from self._needs(
            (f"/rules/{i}/condition", ((rule.condition, kinds.BOOL),)) for i, rule in enumerate(plan.rules)
        )
        headers = yield from self._needs(
            (f"/set_headers/{i}", (*((part, kinds.SCALARS) for part in header.parts), (header.joined, kinds.SETS)))
            for i, header in enumerate(plan.set_headers)
        )
        tokens = yield from self._needs(
            (f"/tokens/{i}", ((token.subject, kinds.SCALARS), *((claim.value, _ANY) for claim in token.claims)))
            for i, token in enumerate(plan.tokens)
        )
        limits = yield from self._needs(
            (f"/limits/{i}", ((limit.key, kinds.SCALARS),)) for i, limit in enumerate(plan.limits)
        )
        users: Sequence[tuple[str, Sequence[frozenset[str]]]] = (
            ("rules", rules), ("set_headers", headers), ("tokens", tokens), ("limits", limits),
        )  # fmt: skip
        for i, route in enumerate(plan.routes):
            if self._pace.due():
                yield
            self._route(f"/routes/{i}", route, users)

    def _order(self) -> Steps[None]:
        for table, key in TABLE_ORDER.items():
            before: Any = None
            for i, element in enumerate(getattr(self._plan, table)):
                if self._pace.due():
                    yield
                now = key(element)
                if before is not None and before >= now:
                    raise PlanRefused(f"/{table}/{i}", "not in ascending order, each once")
                before = now

    def _positions(self) -> Steps[None]:
        """The order and the range of positions: all of a stride at once, and one by one only where that fails."""
        positions, files = self._plan.positions, len(self._plan.files)
        for first in range(0, len(positions), _POSITIONS_AT_ONCE):
            stride = positions[max(0, first - 1) : first + _POSITIONS_AT_ONCE]
            keys = list(map(_POSITION_KEY, stride))
            ends = list(map(_POSITION_END, stride))
            if (
                keys[-1][0] >= files
                or not all(map(lt, keys, keys[1:]))
                or not all(map(le, map(_POSITION_START, stride), ends))
            ):
                raise _bad_position(positions, files)
            yield

    def _declarations(self) -> Steps[None]:
        plan = self._plan
        for table in ("issuers", "policies", "rules", "set_headers", "remove_headers", "tokens", "limits", "routes"):
            for i, element in enumerate(getattr(plan, table)):
                if self._pace.due():
                    yield
                self._index(f"/{table}/{i}/at", element.at, plan.positions)
        if plan.metadata is not None:
            self._index("/metadata/at", plan.metadata.at, plan.positions)
        for i, issuer in enumerate(plan.issuers):
            if issuer.keys.kind == "secret" and issuer.keys.value not in plan.secrets:
                raise PlanRefused(f"/issuers/{i}/keys/value", "not a declared secret")
        for i, header in enumerate(plan.set_headers):
            if header.secret is not None and header.secret not in plan.secrets:
                raise PlanRefused(f"/set_headers/{i}/secret", "not a declared secret")

    def _selects(self) -> Steps[list[frozenset[str]]]:
        """Check the selects; for each the captures that its arms name."""
        plan = self._plan
        found = []
        for i, select in enumerate(plan.selects):
            where = f"/selects/{i}"
            self._index(f"{where}/at", select.at, plan.positions)
            if select.otherwise != -1:
                self._index(f"{where}/otherwise", select.otherwise, plan.policies)
            captures: frozenset[str] = frozenset()
            for k, arm in enumerate(select.arms):
                self._index(f"{where}/arms/{k}/at", arm.at, plan.positions)
                if arm.policy != -1:
                    self._index(f"{where}/arms/{k}/policy", arm.policy, plan.policies)
                named = (arm.named, kinds.TEXTS | kinds.SETS if select.every else kinds.TEXTS)
                needs = yield from self._needs([(f"{where}/arms/{k}", (named, (arm.when, kinds.BOOL)))])
                if "" in needs[0]:
                    raise PlanRefused(f"{where}/arms/{k}", "a select cannot depend on what it grants")
                captures |= needs[0]
            found.append(captures)
        return found

    def _needs(self, users: Iterable[_User]) -> Steps[list[frozenset[str]]]:
        """For each user the captures that its expressions name, and "" where they name the policy's grants."""
        found = []
        for where, exprs in users:
            needs: set[str] = set()
            for expr, wanted in exprs:
                if isinstance(expr, Condition):
                    if max(expr.at, default=-1) >= len(self._plan.positions):
                        raise PlanRefused(f"{where}/at", "a place is out of range")
                    yield from self._expression(where, expr.expr, wanted, needs)
                elif expr is not None:
                    yield from self._expression(where, expr, wanted, needs)
            found.append(frozenset(needs))
        return found

    def _expression(self, where: str, expr: Expr, wanted: int, needs: set[str]) -> Steps[None]:
        """Check names and sorts, operands before what they are operands of: preorder backwards, with a stack of sorts."""
        pace, order, waiting = self._pace, list[tuple[Expr, int]](), [expr]
        while waiting:
            node = waiting.pop()
            inner = operands(node)
            order.append((node, len(inner)))
            waiting += inner[::-1]
        sorts: list[int] = []
        for node, count in reversed(order):
            if node[0] in _NAMING:
                self._name(where, node, needs)
            sort = self._kinds.of(node, [sorts.pop() for _ in range(count)] if count else [])
            if not sort:
                raise PlanRefused(where, f"{node[0]} of values that do not go together")
            sorts.append(sort)
            pace.nodes += 1
            if pace.nodes >= pace.turn and pace.full():
                yield
        if not sorts[0] & wanted:
            raise PlanRefused(where, "a value that cannot stand here")

    def _name(self, where: str, node: Expr, needs: set[str]) -> None:
        match node[0]:
            case "claim" if node[1] not in self._claims:
                raise PlanRefused(where, "a claim that no issuer declares")
            case "meta" if node[1] not in self._fields:
                raise PlanRefused(where, "a metadata field that is not declared")
            case "issuer" if node[1] is not None and node[1] not in self._issuers:
                raise PlanRefused(where, "an issuer that is not declared")
            case "path" if node[1] not in self._captures:
                raise PlanRefused(where, "a capture that no route has")
            case "path":
                needs.add(node[1])
            case "grants":
                needs.add("")
            case _:
                pass

    def _route(self, where: str, route: Route, users: Sequence[tuple[str, Sequence[frozenset[str]]]]) -> None:
        plan = self._plan
        self._last(f"{where}/trust", route.trust, plan.issuers)
        self._last(f"{where}/remove_headers", route.remove_headers, plan.remove_headers)
        if route.select != -1:
            self._index(f"{where}/select", route.select, plan.selects)
        # Grants need no select: a route without one grants nothing, and a guard may keep a rule from asking there.
        given = {*route.captures, ""}
        for member, needs in users:
            used: tuple[int, ...] = getattr(route, member)
            self._last(f"{where}/{member}", used, needs)
            for k, index in enumerate(used):
                if needs[index] and not needs[index] <= given:
                    raise PlanRefused(f"{where}/{member}/{k}", "names a capture that the route does not have")
        if route.select != -1 and not self._selected[route.select] <= given:
            raise PlanRefused(f"{where}/select", "names a capture that the route does not have")

    def _last(self, where: str, used: tuple[int, ...], table: Sequence[Any]) -> None:
        """Indices are ascending: the last one is the greatest."""
        if used:
            self._index(f"{where}/{len(used) - 1}", used[-1], table)

    def _index(self, where: str, index: int, table: Sequence[Any]) -> None:
        if not 0 <= index < len(table):
            raise PlanRefused(where, "out of range")


def _bad_position(positions: Sequence[Position], files: int) -> PlanRefused:
    """What is wrong with positions of which something is."""
    for i, position in enumerate(positions):
        if position.file >= files:
            return PlanRefused(f"/positions/{i}", "the file is out of range")
        if _POSITION_END(position) < _POSITION_START(position):
            return PlanRefused(f"/positions/{i}", "ends before it begins")
        if i and _POSITION_KEY(positions[i - 1]) >= _POSITION_KEY(position):
            return PlanRefused(f"/positions/{i}", "not in ascending order, each once")
    return PlanRefused("/positions", "not in ascending order, each once")
