"""Constants in conditions: each gets the type of the place that it stands in, or there is a complaint."""

import ipaddress
import re
from collections.abc import Sequence

from policylang.check import errors_expr_literals as errors
from policylang.check import errors_expr_types as type_errors
from policylang.check import errors_names, model
from policylang.check.expr_scene import Scene
from policylang.check.expr_types import textual
from policylang.check.wording import quoted
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.fit import Misfit, fit
from policylang.typesys.terms import Bool, Cidr, Enum, Int, Ip, Scalar, SetOf, Type

Constant = nodes.Str | nodes.Int | nodes.Bool | nodes.StrSet

_PREFIX_NOTATION = re.compile(r"[0-9a-fA-F:.]+(/[0-9]{1,3})?")  # no masks, no zones
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def words(node: Constant) -> str:
    """A constant's kind, for complaints."""
    match node:
        case nodes.Str():
            return "a text"
        case nodes.Int():
            return "an integer"
        case nodes.Bool():
            return "a truth value"
        case nodes.StrSet():
            return "a list of texts"


def in_place(node: Constant, place: Type, op: str, scene: Scene) -> model.Lit | None:
    """A constant beside a value of type ``place`` under ``==``, ``!=`` or ``??``; it must be a value of that type."""
    match node, place:
        case nodes.Str(), _ if textual(place):
            return text(node, place, scene)
        case nodes.Str(), Cidr():
            return network(node, scene)
        case nodes.StrSet(), SetOf(item):
            return text_set(node, item, scene)
        case nodes.Bool(value=truth), Bool():
            return model.Lit(node.span, place, truth)
        case nodes.Int(), Int():
            return _within(node, place, scene)
    kind = describe(place)
    fix = f"the other side is {kind}: compare it with a value of that kind"
    scene.complain(type_errors.kinds_do_not_compare(op, kind, words(node), node.span, fix))
    return None


def _within(node: nodes.Int, place: Int, scene: Scene) -> model.Lit | None:
    misfit = fit(place, node.value)
    if isinstance(misfit, Misfit):
        scene.complain(errors.never_a_value(str(node.value), describe(place), misfit.reason, node.span))
        return None
    return model.Lit(node.span, place, node.value)


def text(node: nodes.Str, place: Type, scene: Scene) -> model.Lit | None:
    """A text that a value of a textual type may equal."""
    if node.holes:
        scene.complain(type_errors.template_in_condition(node.span))
        return None
    if isinstance(place, Enum):
        if node.value not in place.values:
            near = scene.near(node.value, list(place.values))
            scene.complain(errors.not_one_of(node.value, place.values, node.span, near))
            return None
    else:
        misfit = fit(place, node.value)
        if isinstance(misfit, Misfit):
            scene.complain(errors.never_a_value(quoted(node.value), describe(place), misfit.reason, node.span))
            return None
    return model.Lit(node.span, place, node.value)


def text_set(node: nodes.StrSet, item: Scalar, scene: Scene) -> model.Lit | None:
    """A list of texts, each a value of the item type; networks in canonical form. An empty list is fine here."""
    literals = [network(one, scene) if isinstance(item, Cidr) else text(one, item, scene) for one in node.items]
    if None in literals:
        return None
    values = [str(literal.value) for literal in literals if literal is not None]
    if not _distinct(values, [one.span for one in node.items], scene):
        return None
    return model.Lit(node.span, SetOf(item), frozenset(values))


def filled(node: nodes.StrSet, what: str, scene: Scene) -> bool:
    """Whether a list has items where an empty one would decide the test."""
    if not node.items:
        scene.complain(errors.empty_constant(what, node.span, "list at least one value"))
    return bool(node.items)


def network(node: nodes.Str, scene: Scene) -> model.Lit | None:
    """A network in canonical prefix notation; a bare address is the network of that address alone."""
    if node.holes:
        scene.complain(type_errors.template_in_condition(node.span))
        return None
    try:
        interface = ipaddress.ip_interface(node.value)
    except ValueError:
        interface = None
    if interface is None or not _PREFIX_NOTATION.fullmatch(node.value):
        scene.complain(errors.not_a_network(node.value, node.span))
        return None
    found = interface.network
    if found.network_address != interface.ip:
        scene.complain(errors.host_bits(node.value, str(found), node.span))
        return None
    if isinstance(found, ipaddress.IPv6Network) and found.subnet_of(_MAPPED):
        inner = ipaddress.IPv4Network((int(found.network_address) & 0xFFFF_FFFF, found.prefixlen - 96))
        scene.complain(errors.network_never_matches(node.value, str(inner), node.span))
        return None
    return model.Lit(node.span, Cidr(), str(found))


def networks(node: nodes.StrSet, scene: Scene) -> model.Lit | None:
    """A list of networks to look for an address in."""
    return text_set(node, Cidr(), scene) if filled(node, "the list of networks", scene) else None


def address_kind(term: Type) -> bool:
    """An address, or a network: what is looked for in networks."""
    return isinstance(term, Ip | Cidr)


def _distinct(values: Sequence[str], spans: Sequence[Span], scene: Scene) -> bool:
    first: dict[str, Span] = {}
    for value, span in zip(values, spans, strict=True):
        if value in first:
            scene.complain(errors_names.listed_twice("value", value, span, first[value]))
            return False
        first[value] = span
    return True
