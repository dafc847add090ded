"""A draft to a plan: every table sorted by what its elements say, names and spans replaced by indices, digests taken.

Law of this file: nothing of the order in which things were written is left, but where that order has a meaning.
"""

import json
from collections.abc import Iterable
from dataclasses import replace

from policylang.check import model as checked
from policylang.plan import declarations as declared
from policylang.plan import model
from policylang.plan.codec import documented
from policylang.plan.draft import Draft, Placed, reference
from policylang.plan.positions import Positions
from policylang.source.spans import Span
from policylang.source.tree import SourceTree


def build(draft: Draft, tree: SourceTree, language: int) -> model.Plan:
    """The finished plan of a draft whose spans are of ``tree``."""
    return build_document(draft, tree, language)[0]


def build_document(draft: Draft, tree: SourceTree, language: int) -> tuple[model.Plan, bytes]:
    """The finished plan of a draft whose spans are of ``tree``, and its document: its lines are made but once."""
    return documented(_Build(draft, tree).plan(language))


class _Build:
    """The names of one draft, each with its index in the table of its kind."""

    def __init__(self, draft: Draft, tree: SourceTree) -> None:
        module = draft.module
        self._draft = draft
        self._module = module
        self._issuers = _numbered(module.issuers)
        self._policies = _numbered(module.policies)
        self._positions = Positions(tree, _spans(draft))
        self._at = self._positions.at

    def plan(self, language: int) -> model.Plan:
        """All tables, each in its order; no digests yet."""
        module = self._module
        rules, in_rules = self._rules()
        selects, in_selects = self._selects()
        set_headers, in_sets = self._set_headers()
        removes, in_removes = self._remove_headers()
        tokens, in_tokens = self._tokens()
        limits, in_limits = self._limits()
        routes = tuple(
            replace(
                self._route(module.routes[name]),
                rules=in_rules.get(name, ()),
                select=in_selects.get(name, (-1,))[0],
                set_headers=in_sets.get(name, ()),
                remove_headers=in_removes.get(name, ()),
                tokens=in_tokens.get(name, ()),
                limits=in_limits.get(name, ()),
            )
            for name in sorted(module.routes)
        )
        return model.Plan(
            format=model.FORMAT,
            language=language,
            semantic="",
            whole="",
            files=self._positions.files,
            secrets=tuple(sorted(set(module.secrets))),
            issuers=tuple(declared.issuer(i, self._at(i.span)) for _, i in sorted(module.issuers.items())),
            metadata=self._metadata(),
            policies=tuple(declared.policy(p, self._at(p.span)) for _, p in sorted(module.policies.items())),
            selects=selects,
            rules=rules,
            set_headers=set_headers,
            remove_headers=removes,
            tokens=tokens,
            limits=limits,
            routes=routes,
            positions=self._positions.table,
        )

    def _condition(self, placed: Placed | None) -> model.Condition | None:
        if placed is None:
            return None
        return model.Condition(placed.expr, tuple(map(self._at, placed.spans)), placed.binding)

    def _metadata(self) -> model.Metadata | None:
        metadata = self._module.metadata
        if metadata is None:
            return None
        return model.Metadata(metadata.fresh_micros, declared.claims(metadata.fields), self._at(metadata.span))

    def _route(self, route: checked.Route) -> model.Route:
        return model.Route(
            name=route.name,
            patterns=declared.patterns(route.patterns),
            hosts=declared.hosts(route.hosts),
            captures=tuple(sorted(route.captures)),
            trust=tuple(sorted(self._issuers[name] for name in route.trust)),
            anonymous=route.anonymous,
            upstream=route.upstream,
            tags=tuple(sorted(route.tags)),
            connect_micros=route.connect_micros,
            answer_micros=route.answer_micros,
            idle_micros=route.idle_micros,
            strip_prefix=route.strip_prefix,
            add_prefix=route.add_prefix,
            preserve_host=route.preserve_host,
            rules=(),
            select=-1,
            set_headers=(),
            remove_headers=(),
            tokens=(),
            limits=(),
            at=self._at(route.span),
        )

    def _rules(self) -> "tuple[tuple[model.Rule, ...], _Users]":
        found = sorted(zip(self._module.rules, self._draft.rules, strict=True), key=lambda r: (r[0].effect, r[0].name))
        rules = tuple(
            model.Rule(
                effect=rule.effect,
                name=rule.name,
                methods=tuple(sorted(set(rule.methods))),
                condition=self._condition(condition),
                until=rule.until,
                step_up=rule.step_up,
                at=self._at(rule.span),
            )
            for rule, condition in found
        )
        return rules, _users(rule.routes for rule, _ in found)

    def _selects(self) -> "tuple[tuple[model.Select, ...], _Users]":
        found = sorted(zip(self._module.selects, self._draft.arms, strict=True), key=lambda s: s[0].routes)
        selects = tuple(
            model.Select(
                every=select.every,
                arms=self._arms(select, conditions),
                otherwise=-1 if select.otherwise is None else self._policies[select.otherwise],
                at=self._at(select.span),
            )
            for select, conditions in found
        )
        return selects, _users(select.routes for select, _ in found)

    def _arms(self, select: checked.Select, conditions: tuple[Placed | None, ...]) -> tuple[model.Arm, ...]:
        arms = [
            model.Arm(
                policy=self._policies[arm.policy] if isinstance(arm.policy, str) else -1,
                named=None if isinstance(arm.policy, str) else reference(arm.policy),
                when=self._condition(condition),
                at=self._at(arm.span),
            )
            for arm, condition in zip(select.arms, conditions, strict=True)
        ]
        # all arms of ``select policies`` are asked, so only there their order says nothing
        return tuple(sorted(arms, key=_arm_order) if select.every else arms)

    def _set_headers(self) -> "tuple[tuple[model.SetHeader, ...], _Users]":
        found = sorted(
            zip(self._module.set_headers, self._draft.set_headers, strict=True),
            key=lambda h: (h[0].direction, h[0].name.lower(), h[0].routes),
        )
        headers = tuple(declared.set_header(header, binding, self._at(header.span)) for header, binding in found)
        return headers, _users(header.routes for header, _ in found)

    def _remove_headers(self) -> "tuple[tuple[model.RemoveHeader, ...], _Users]":
        first: dict[tuple[str, str, bool, tuple[str, ...]], checked.RemoveHeader] = {}
        for header in sorted(self._module.remove_headers, key=lambda header: header.span):
            first.setdefault((header.direction, header.name, header.prefix, header.routes), header)
        found = [first[key] for key in sorted(first)]
        headers = tuple(model.RemoveHeader(h.direction, h.name, h.prefix, self._at(h.span)) for h in found)
        return headers, _users(header.routes for header in found)

    def _tokens(self) -> "tuple[tuple[model.Token, ...], _Users]":
        found = sorted(
            zip(self._module.identity_tokens, self._draft.tokens, strict=True), key=lambda token: token[0].name
        )
        tokens = tuple(declared.token(token, binding, self._at(token.span)) for token, binding in found)
        return tokens, _users(token.routes for token, _ in found)

    def _limits(self) -> "tuple[tuple[model.Limit, ...], _Users]":
        found = sorted(self._module.limits, key=lambda limit: limit.name)
        limits = tuple(declared.limit(limit, self._at(limit.span)) for limit in found)
        return limits, _users(limit.routes for limit in found)


_Users = dict[str, tuple[int, ...]]
"""For each route the indices of a table's elements that have it in scope, ascending."""


def _users(scopes: Iterable[tuple[str, ...]]) -> _Users:
    users: dict[str, list[int]] = {}
    for index, routes in enumerate(scopes):
        for name in routes:
            users.setdefault(name, []).append(index)
    return {name: tuple(indices) for name, indices in users.items()}


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(sorted(names))}


def _arm_order(arm: model.Arm) -> tuple[int, str]:
    return arm.policy, json.dumps((arm.named, None if arm.when is None else arm.when.expr))


def _spans(draft: Draft) -> Iterable[Span]:
    module = draft.module
    for table in (
        module.issuers.values(), module.policies.values(), module.routes.values(), module.rules, module.selects,
        module.set_headers, module.remove_headers, module.identity_tokens, module.limits,
    ):  # fmt: skip
        yield from (declaration.span for declaration in table)
    if module.metadata is not None:
        yield module.metadata.span
    for select in module.selects:
        yield from (arm.span for arm in select.arms)
    for placed in (*draft.rules, *(condition for arms in draft.arms for condition in arms)):
        if placed is not None:
            yield from placed.spans
