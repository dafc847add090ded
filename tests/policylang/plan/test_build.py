from dataclasses import replace

from policylang.check.model import Arm, CheckedModule, In, RemoveHeader
from policylang.ir.lower import lower
from policylang.ir.passes.sequence import run
from policylang.ir.stage import stage
from policylang.plan.build import build_document
from policylang.plan.codec import digested, encode
from policylang.plan.model import FORMAT, Plan
from tests.strategies.modules import TREE, at, everything, planned, truth

MODULE = everything()
PLAN = planned(MODULE)


def names(indices: tuple[int, ...], table: str, plan: Plan = PLAN) -> list[str]:
    return [getattr(plan, table)[i].name for i in indices]


def route(name: str, plan: Plan = PLAN) -> int:
    return [r.name for r in plan.routes].index(name)


def test_tables_are_sorted_and_routes_hold_indices() -> None:
    assert [(rule.effect, rule.name) for rule in PLAN.rules] == sorted((r.effect, r.name) for r in MODULE.rules)
    assert [r.name for r in PLAN.routes] == ["health", "orders", "shop"]
    orders, shop, health = (PLAN.routes[route(name)] for name in ("orders", "shop", "health"))
    assert names(orders.rules, "rules") == ["bulk", "odd", "read", "blocked", "cross", "risky"]
    assert names(shop.rules, "rules") == ["odd", "cross", "x", "slow"]
    assert names(health.rules, "rules") == ["ping"]
    assert names(orders.trust, "issuers") == ["corp", "partner"]
    assert names(orders.set_headers, "set_headers") == ["X-Roles", "X-User"]
    assert names(shop.remove_headers, "remove_headers") == ["server", "x-internal-"]
    assert names(orders.tokens, "tokens") == ["inner"]
    assert names(orders.limits, "limits") == ["share", "total"]
    assert (orders.select, shop.select, health.select) == (0, 1, -1)
    assert (orders.captures, shop.captures) == (("tenant",), ("n", "tenant"))


def test_header_and_format_and_language() -> None:
    assert (PLAN.format, PLAN.language) == (FORMAT, 1)
    assert digested(PLAN) == PLAN
    assert [file.path for file in PLAN.files] == ["a.rules", "b.rules"]


def test_the_document_is_that_of_the_plan() -> None:
    plan, document = build_document(stage(run(lower(MODULE))), TREE, 1)
    assert (plan, document) == (PLAN, encode(PLAN))


def test_arms_keep_their_order_only_where_the_first_is_taken() -> None:
    """``use`` takes the first that holds, ``add`` all that hold."""
    every, first = MODULE.selects
    turned = replace(
        MODULE, selects=(replace(every, arms=every.arms[::-1]), replace(first, arms=(*first.arms[:1], first.arms[1])))
    )
    assert planned(turned).semantic == PLAN.semantic
    unlike = replace(first, arms=(Arm("free", truth(True), at(0)), Arm("none", truth(False), at(1))))
    ordered = planned(replace(MODULE, selects=(every, unlike)))
    swapped = planned(replace(MODULE, selects=(every, replace(unlike, arms=unlike.arms[::-1]))))
    assert ordered.semantic != swapped.semantic
    assert [arm.policy for arm in ordered.selects[1].arms] == [arm.policy for arm in swapped.selects[1].arms][::-1]


def test_selects_follow_their_routes_not_the_source() -> None:
    turned = replace(MODULE, selects=tuple(replace(s, index=1 - s.index) for s in MODULE.selects[::-1]))
    assert planned(turned).semantic == PLAN.semantic


def test_a_header_removed_twice_is_removed_once() -> None:
    again = RemoveHeader("response", ("health", "orders", "shop"), "server", False, at(1))
    assert planned(replace(MODULE, remove_headers=(*MODULE.remove_headers, again))).semantic == PLAN.semantic
    assert len(planned(replace(MODULE, remove_headers=(again, *MODULE.remove_headers))).remove_headers) == 2


def test_meaning_is_minded() -> None:
    """Anything that a request could feel changes the semantic digest."""

    def rule(name: str, **change: object) -> CheckedModule:
        rules = tuple(replace(r, **change) if r.name == name else r for r in MODULE.rules)  # type: ignore[arg-type]
        return replace(MODULE, rules=rules)

    others = [
        rule("read", methods=()),
        rule("read", routes=("orders", "shop")),
        rule("read", until=5),
        rule("read", condition=None),
        rule("risky", step_up="pwd"),
        rule("cross", effect="shadow deny"),
        replace(MODULE, secrets=("hush",)),
        replace(MODULE, limits=MODULE.limits[1:]),
        replace(MODULE, metadata=replace(MODULE.metadata, fresh_micros=1)) if MODULE.metadata else MODULE,
    ]
    digests = [planned(module).semantic for module in others]
    assert PLAN.semantic not in digests
    assert len(set(digests)) == len(digests)


def test_places_are_those_of_the_source() -> None:
    made = next(rule for rule in PLAN.rules if rule.name == "read")
    source = next(rule for rule in MODULE.rules if rule.name == "read")
    assert made.condition is not None
    assert isinstance(source.condition, In)
    for index, span in ((made.at, source.span), (made.condition.at[0], source.condition.span)):
        position = PLAN.positions[index]
        text = TREE.files[span.file]
        assert PLAN.files[position.file].path == text.path
        assert (position.line, position.column) == text.position(span.start)
        assert (position.end_line, position.end_column) == text.position(span.end)
