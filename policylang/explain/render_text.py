"""An explanation for a terminal."""

from collections.abc import Iterator
from typing import Literal

from policylang.explain.tree import ArmTrace, ExplainTree, NodeTrace, Place, RuleTrace

_MARKS = {"true": "+", "false": "-", "fault": "!", "other method": " "}


Detail = Literal["decisive", "all"]


def render_text(tree: ExplainTree, detail: Detail = "all") -> str:
    """The explanation as lines: the answer and its reason, the closest allow, then every rule.

    ``+`` is true, ``-`` false, ``!`` without an answer; an arrow points at what decided. ``detail`` "decisive" shows the
    conditions of those rules alone that the answer follows from.
    """
    return "\n".join(_lines(tree, detail)) + "\n"


def _lines(tree: ExplainTree, detail: Detail) -> Iterator[str]:
    where = f"{tree.method} on route {tree.route}" if tree.route is not None else tree.method
    who = f", issuer {tree.issuer}" if tree.issuer is not None else ""
    yield f"{tree.status} {tree.kind}: {where}{who}"
    yield f"  {tree.reason}"
    for number, way in enumerate(() if tree.closest is None else (tree.closest, *tree.further)):
        yield f"{'or' if number else 'closest allow'}: {way.name}{_at(way.place)}"
        for lack in way.lacked:
            yield f"  {lack.text} is {lack.value}, needed {lack.needed}{_at(lack.place)}"
    if tree.policies:
        yield f"policies: {', '.join(tree.policies)}"
    for rule in tree.rules:
        yield from _rule(rule, detail)
    for arm in tree.arms:
        yield from _arm(arm)


def _rule(rule: RuleTrace, detail: Detail) -> Iterator[str]:
    arrow = "  <-- decides" if rule.decides else ""
    note = ", past its until" if rule.expired else ""
    yield f"{_MARKS[rule.state]} {rule.effect} {rule.name}: {rule.state}{note}{_at(rule.place)}{arrow}"
    if rule.node is not None and (rule.decides or detail == "all"):
        yield from _node(rule.node, "    ")


def _arm(arm: ArmTrace) -> Iterator[str]:
    name = f"{', '.join(arm.chosen)}, by {arm.policy}" if arm.chosen else arm.policy
    note = ", comes after" if arm.turn == "comes after" else ""
    arrow = "  <-- taken" if arm.turn == "taken" else ""
    yield f"{_MARKS[arm.state]} policy {name}: {arm.state}{note}{_at(arm.place)}{arrow}"
    if arm.node is not None:
        yield from _node(arm.node, "    ")


def _node(node: NodeTrace, indent: str) -> Iterator[str]:
    arrow = "  <--" if node.deciding else ""
    unheard = f"  does not count: {node.unheard}" if node.unheard else ""
    yield f"{indent}{node.text} = {node.value}{_at(node.place)}{arrow}{unheard}"
    for operand in node.operands:
        if operand.literal:
            continue
        yield from _node(operand, indent + "  ")


def _at(place: Place | None) -> str:
    return "" if place is None else f"  ({place})"
