"""Claim tables and the metadata block. A wrong declaration is repaired, so that its uses are still checked."""

from collections.abc import Sequence

from policylang.check import errors_claims as errors
from policylang.check import errors_names
from policylang.check.bounds import HOUR, SECOND, duration
from policylang.check.declared_types import declared
from policylang.check.environment import Sink
from policylang.check.model import Claim, Metadata, Value
from policylang.check.texts import constant
from policylang.syntax import nodes
from policylang.typesys.describe import describe
from policylang.typesys.fit import Misfit, fit
from policylang.typesys.terms import Scalar, SetOf, Text, Time

MOST_STEPS = 8
DEFAULT_FRESH = 30 * SECOND

REGISTERED: dict[str, type[Scalar] | None] = {
    "iss": None, "aud": None, "exp": Time, "nbf": Time, "iat": Time, "jti": Text,
}  # fmt: skip
"""RFC 7519 section 4.1, without ``sub``: the type that each may be declared as, if any."""


def claim_table(declarations: Sequence[nodes.Claim], kind: str, sink: Sink) -> tuple[Claim, ...]:
    """The declarations of one block, sorted by name; ``kind`` is "claim" or "metadata field"."""
    table: dict[str, nodes.Claim] = {}
    for declaration in declarations:
        first = table.setdefault(declaration.name.text, declaration)
        if first is not declaration:
            name = declaration.name
            sink.add(errors_names.duplicate_name(kind, name.text, name.span, first.name.span))
    return tuple(_claim(table[name], sink) for name in sorted(table))


def metadata_block(block: nodes.Metadata | None, sink: Sink) -> Metadata | None:
    """The metadata block; None where there is none."""
    if block is None:
        return None
    for field in block.fields:
        for word, given in (("from", field.source), ("split", field.split), ("always", field.always)):
            if given is not None:
                sink.add(errors.metadata_modifier(field.name.text, word, field.span))
    fresh = DEFAULT_FRESH
    if block.fresh is not None:
        fresh = duration("a freshness", block.fresh, SECOND, 24 * HOUR, sink)
    own = [
        nodes.Claim(f.span, f.name, f.type, f.optional, f.default, null_as_absent=f.null_as_absent)
        for f in block.fields
    ]
    return Metadata(fresh, claim_table(own, "metadata field", sink), block.span)


def registered(declarations: Sequence[nodes.Claim], sink: Sink) -> None:
    """Complain of claims that are declared as, or read from, a registered claim in another form."""
    for claim in declarations:
        path = tuple(step.value for step in claim.source) if claim.source is not None else (claim.name.text,)
        for name in sorted({claim.name.text, path[0] if len(path) == 1 else claim.name.text} & REGISTERED.keys()):
            allowed = REGISTERED[name]
            if allowed is None or claim.type.kind != allowed.__name__.lower():
                word = allowed.__name__.lower() if allowed else None
                sink.add(errors.registered_claim(name, word, claim.name.span))


def _claim(node: nodes.Claim, sink: Sink) -> Claim:
    type_ = declared(node.type, sink)
    _modifiers(node, sink)
    if node.split is not None:
        _split(node, type_, node.split, sink)
    return Claim(
        name=node.name.text,
        type=type_,
        source=_source(node, sink),
        optional=node.optional and node.default is None and node.always is None,
        default=_value("default", node, type_, node.default, sink),
        always=_value("always", node, type_, node.always, sink),
        split=None if node.split is None else node.split.value,
        null_as_absent=node.null_as_absent,
        span=node.name.span,
    )


def _modifiers(node: nodes.Claim, sink: Sink) -> None:
    name, span = node.name.text, node.span
    if node.optional and node.default is not None:
        reason = "an absent claim cannot be both absent and the default"
        sink.add(errors.modifiers_clash(name, "optional", "default", reason, span))
    if node.always is None:
        if node.null_as_absent and not node.optional and node.default is None:
            sink.add(errors.null_without_absence(name, span))
        return
    others = (
        ("optional", node.optional), ("default", node.default is not None), ("from", node.source is not None),
        ("split", node.split is not None), ("null as absent", node.null_as_absent),
    )  # fmt: skip
    for word, given in others:
        if given:
            reason = "`always` never looks into the token"
            sink.add(errors.modifiers_clash(name, "always", word, reason, span))
            return


def _split(node: nodes.Claim, type_: Scalar | SetOf, separator: nodes.Str, sink: Sink) -> None:
    if not isinstance(type_, SetOf):
        sink.add(errors.split_on_scalar(node.name.text, separator.span, describe(type_)))
    text = constant("a separator", separator, sink)
    if not separator.holes and not is_separator(text):
        sink.add(errors.separator_malformed(f"claim `{node.name.text}`", text, separator.span))


def is_separator(text: str) -> bool:
    """One printable ASCII character."""
    return len(text) == 1 and text.isascii() and text.isprintable()


def _source(node: nodes.Claim, sink: Sink) -> tuple[str, ...]:
    if node.source is None:
        return (node.name.text,)
    name = node.name.text
    steps = tuple(constant("the name of a member", step, sink) for step in node.source)
    if len(steps) > MOST_STEPS:
        sink.add(errors.source_malformed(name, f"has more than {MOST_STEPS} steps", node.source[MOST_STEPS].span))
    for step in node.source:
        if not step.value and not step.holes:
            sink.add(errors.source_malformed(name, "has a member without a name", step.span))
    return steps or (name,)


def _value(
    word: str, node: nodes.Claim, type_: Scalar | SetOf, literal: nodes.Literal_ | None, sink: Sink
) -> Value | None:
    if literal is None:
        return None
    given = literal_value(f"a `{word}` value", literal, sink)
    value = fit(type_, given)
    if isinstance(value, Misfit):
        sink.add(errors.constant_misfit(word, describe(type_), value.reason, literal.span, node.type.span))
        return given
    return value


def literal_value(place: str, literal: nodes.Literal_, sink: Sink) -> Value:
    """The Python value of a literal that stands where no template may."""
    match literal:
        case nodes.Str():
            return constant(place, literal, sink)
        case nodes.StrSet(items=items):
            return frozenset(constant(place, item, sink) for item in items)
        case _:
            return literal.value
