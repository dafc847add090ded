"""``in``, ``any of`` and ``all of``: items in sets, addresses in networks, sets in sets."""

from policylang.check import errors_expr_constant as constant_errors
from policylang.check import errors_expr_types as errors
from policylang.check import model
from policylang.check.expr_cases import Live
from policylang.check.expr_literals import Constant, address_kind, filled, network, networks, text, text_set, words
from policylang.check.expr_print import brief
from policylang.check.expr_scene import Scene
from policylang.check.expr_shape import shape
from policylang.check.expr_types import BOOL, HIGHEST, may_equal, textual
from policylang.check.expr_values import Operand, operand
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.terms import TEXTUAL, Cidr, Enum, Int, Scalar, SetOf, Text, Time

Pair = tuple[model.TypedExpr, model.TypedExpr]

_ANY_TEXT = Text(0, HIGHEST)


def member(node: nodes.In, live: Live, scene: Scene) -> model.In | model.Not | None:
    """Type ``item in container`` or ``item not in container``; None after a complaint."""
    scene = scene.around(node)
    item, item_scene = operand(node.item, live, scene)
    container, container_scene = operand(node.container, live, scene)
    if item is None or container is None:
        return None
    if isinstance(item, Constant):
        pair = _constant_item(node, item, container, item_scene, container_scene)
    elif isinstance(container, Constant):
        pair = _listed(node, item, container, item_scene, container_scene)
    else:
        pair = _both_values(node, item, container, scene)
    if pair is None:
        return None
    found = model.In(node.span, BOOL, *pair)
    return model.Not(node.span, BOOL, found) if node.negated else found


def _constant_item(
    node: nodes.In, item: Constant, container: Operand, scene: Scene, container_scene: Scene
) -> Pair | None:
    if isinstance(container, Constant):
        scene.complain(constant_errors.decided_by_type(brief(node), None, "both sides are constant", node.span))
        return None
    inner = _item_type(container, container_scene)
    if inner is None:
        return None
    if not isinstance(item, nodes.Str):
        fix = "a list of texts is looked for with `any of` or `all of`" if isinstance(item, nodes.StrSet) else _TEXTS
        scene.complain(errors.no_membership(f"{words(item)} is never in {describe(container.type)}", item.span, fix))
        return None
    literal = network(item, scene) if isinstance(inner, Cidr) else text(item, inner, scene)
    return None if literal is None else (literal, container)


_TEXTS = "sets hold texts; compare an integer with `==`, `<` and `>`"


def _item_type(container: model.TypedExpr, scene: Scene) -> Scalar | None:
    """What a set holds; None after the complaint that this is no set."""
    if isinstance(container.type, SetOf):
        return container.type.item
    what = describe(container.type)
    if textual(container.type):
        fix = 'for a part of a text write `… matches "*part*"`; for equality `==`'
    elif isinstance(container.type, Cidr):
        fix = "declare the claim as `set of cidr`"
    else:
        fix = "on the right of `in` stands a set"
    scene.complain(errors.no_membership(f"`in` looks in a set, and this is {what}", container.span, fix))
    return None


def _listed(node: nodes.In, item: model.TypedExpr, container: Constant, scene: Scene, list_scene: Scene) -> Pair | None:
    """A value in a list that the rule spells out."""
    if not isinstance(container, nodes.StrSet):
        title = f"`in` looks in a set, and this is {words(container)}"
        list_scene.complain(errors.no_membership(title, container.span, 'write a list:  in ["…", "…"]'))
        return None
    if address_kind(item.type):
        nets = networks(container, list_scene)
        return None if nets is None else (item, nets)
    if not isinstance(item.type, TEXTUAL):
        _no_item(item, scene)
        return None
    if not filled(container, "the list of values", list_scene):
        return None
    values = text_set(container, item.type, list_scene)
    if values is not None and isinstance(item.type, Enum) and values.value == frozenset(item.type.values):
        truth, reason = "false" if node.negated else "true", "these are all the values that there are"
        list_scene.complain(constant_errors.decided_by_type(brief(node), truth, reason, container.span))
        return None
    return None if values is None else (item, values)


def _no_item(item: model.TypedExpr, scene: Scene) -> None:
    what = describe(item.type)
    if isinstance(item.type, Time):
        scene.complain(errors.time_as_value(item.span))
        return
    if isinstance(item.type, SetOf):
        fix = "compare sets with `any of … in …` or `all of … in …`"
    elif isinstance(item.type, Int):
        fix = "compare it with `==`, `<` and `>`, joined by `and` or `or`"
    else:
        fix = "it is a condition by itself"
    scene.complain(errors.no_membership(f"{what} is never an item of a set", item.span, fix))


def _both_values(node: nodes.In, item: model.TypedExpr, container: model.TypedExpr, scene: Scene) -> Pair | None:
    inner = _item_type(container, scene)
    if inner is None:
        return None
    if address_kind(item.type) and isinstance(inner, Cidr):
        return item, container
    if not textual(item.type):
        if address_kind(item.type):
            fix = "declare the claim as `set of cidr`"
            scene.complain(errors.address_outside_in(describe(item.type), item.span, fix))
        else:
            _no_item(item, scene)
        return None
    if not textual(inner):
        title = f"{describe(item.type)} is never in {describe(container.type)}"
        scene.complain(errors.no_membership(title, node.span, "only addresses and networks are looked for in networks"))
        return None
    if not may_equal(item.type, inner):
        reason = f"{describe(item.type)} is never in {describe(container.type)}"
        truth = "true" if node.negated else "false"
        scene.complain(constant_errors.decided_by_type(brief(node), truth, reason, node.span))
        return None
    return item, container


def meets(node: nodes.AnyOf | nodes.AllOf, live: Live, scene: Scene) -> model.Meets | None:
    """Type ``any of items in set`` or ``all of items in set``; None after a complaint."""
    scene = scene.around(node)
    items, items_scene = operand(node.items, live, scene)
    container, container_scene = operand(node.container, live, scene)
    if items is None or container is None:
        return None
    first = _set_side(items, container, items_scene)
    second = _set_side(container, items, container_scene)
    if first is None or second is None:
        return None
    decided = _decided(node, first, second)
    if decided is not None:
        scene.complain(constant_errors.decided_by_type(brief(node), *decided, node.span))
        return None
    return model.Meets(node.span, BOOL, first, second, every=isinstance(node, nodes.AllOf))


def _decided(
    node: nodes.AnyOf | nodes.AllOf, items: model.TypedExpr, container: model.TypedExpr
) -> tuple[str | None, str] | None:
    """The only answer that the test can have, and why; None when it depends."""
    if isinstance(items, model.Lit) and isinstance(container, model.Lit):
        return None, "both sides are constant"
    if shape(items) == shape(container):
        return None, "both sides are the same"
    one, other = _item_of(items), _item_of(container)
    if isinstance(node, nodes.AllOf):
        whole = isinstance(one, Enum) and isinstance(container, model.Lit) and container.value == frozenset(one.values)
        return ("true", "these are all the values that there are") if whole else None
    return None if may_equal(one, other) else ("false", "the sets have no possible value in common")


def _item_of(side: model.TypedExpr) -> Scalar:
    return side.type.item if isinstance(side.type, SetOf) else _ANY_TEXT


def _set_side(side: Operand, other: Operand, scene: Scene) -> model.TypedExpr | None:
    """One of the two sets; a list is typed by the set beside it."""
    if isinstance(side, nodes.StrSet):
        if not filled(side, "the list", scene):
            return None
        beside = other.type.item if not isinstance(other, Constant) and isinstance(other.type, SetOf) else None
        if beside is not None and not textual(beside):
            beside = None  # the complaint is about the other side
        return text_set(side, beside or _ANY_TEXT, scene)
    if isinstance(side, Constant):
        title = f"`any of` and `all of` compare two sets, and this is {words(side)}"
        scene.complain(errors.no_membership(title, side.span, 'write a list:  ["…", "…"]'))
        return None
    if isinstance(side.type, SetOf) and textual(side.type.item):
        return side
    if isinstance(side.type, SetOf):
        fix = "look for each network or address with `in`"
        scene.complain(errors.address_outside_in(describe(side.type), side.span, fix))
        return None
    title = f"`any of` and `all of` compare two sets, and this is {describe(side.type)}"
    scene.complain(errors.no_membership(title, side.span, "for one item write `… in …`"))
    return None
