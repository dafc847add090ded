"""Header operations: what is removed, what is set, and to what."""

from collections.abc import Sequence
from dataclasses import dataclass

from policylang.check import errors_headers as errors
from policylang.check import errors_names
from policylang.check.constants import member_span
from policylang.check.environment import CellEnv, Sink
from policylang.check.fields import distinct
from policylang.check.ground import Ground
from policylang.check.header_names import is_header_text, spelling, why_not_removed, why_not_set
from policylang.check.infer import Purpose, check_reference
from policylang.check.model import Joined, Ref, RemoveHeader, SecretValue, SetHeader, Template
from policylang.check.texts import constant
from policylang.check.writers import Writers
from policylang.syntax import nodes

SHORTEST_PREFIX = 2


def check_headers(ground: Ground, writers: Writers) -> tuple[tuple[SetHeader, ...], tuple[RemoveHeader, ...]]:
    """The operations of all blocks, sorted by direction, name and routes; ``writers`` is shared with identity tokens."""
    return _Headers(ground, writers).all()


@dataclass
class _Headers:
    ground: Ground
    writers: Writers

    @property
    def sink(self) -> Sink:
        return self.ground.sink

    def all(self) -> tuple[tuple[SetHeader, ...], tuple[RemoveHeader, ...]]:
        sets: list[SetHeader] = []
        removals: list[RemoveHeader] = []
        for block in self.ground.symbols.headers:
            routes = self.ground.scopes.reach(block.scope).routes
            for operation in block.operations:
                if isinstance(operation, nodes.RemoveHeader):
                    removals += self._removals(block, operation, routes)
                else:
                    made = self._set(block, operation, routes)
                    if made is not None:
                        sets.append(made)
        sets.sort(key=lambda made: (made.direction, made.name.lower(), made.routes))
        removals.sort(key=lambda made: (made.direction, made.name, made.prefix, made.routes))
        return tuple(sets), tuple(removals)

    def _removals(
        self, block: nodes.Headers, operation: nodes.RemoveHeader, routes: tuple[str, ...]
    ) -> list[RemoveHeader]:
        made: list[RemoveHeader] = []
        for name in distinct("header", operation.names, lambda n: spelling(n).lower(), self.sink):
            written = spelling(name)
            stem = written.removesuffix("*")
            reason = why_not_removed(stem)
            if stem == written and reason is not None:
                self.sink.add(errors.header_unremovable(written, reason, name.span))
            elif stem != written and len(stem) < SHORTEST_PREFIX:
                self.sink.add(errors.wildcard_too_wide(written, name.span))
            made.append(RemoveHeader(block.direction, routes, stem.lower(), stem != written, name.span))
        return made

    def _set(self, block: nodes.Headers, operation: nodes.SetHeader, routes: tuple[str, ...]) -> SetHeader | None:
        name = spelling(operation.name)
        reason = why_not_set(name, block.direction)
        if reason is not None:
            self.sink.add(errors.header_reserved(name, reason, operation.name.span))
        self.writers.announce(name, block.direction, routes, operation.name.span)
        value = self._value(block, operation, self.ground.cells.of(routes))
        if value is None:
            return None
        return SetHeader(block.direction, routes, name, value, operation.omit, operation.name.span)

    def _value(
        self, block: nodes.Headers, operation: nodes.SetHeader, cells: Sequence[CellEnv]
    ) -> Template | Joined | SecretValue | None:
        match operation.value:
            case nodes.SecretRef() as secret:
                return self._secret(block, operation, secret)
            case nodes.Joined() as joined:
                return self._joined(operation, joined, cells)
            case nodes.Str() as literal:
                return self._template(operation, literal, cells)

    def _secret(self, block: nodes.Headers, operation: nodes.SetHeader, secret: nodes.SecretRef) -> SecretValue:
        if secret.name not in self.ground.symbols.secrets:
            near = self.ground.symbols.guess(secret.name, self.ground.symbols.secrets)
            span = member_span(secret.span, secret.name)
            self.sink.add(errors_names.unknown_name("secret", secret.name, span, near))
        elif block.direction == "response":
            self.sink.add(errors.secret_to_client(secret.name, secret.span))
        if operation.omit is not None:
            self.sink.add(errors.omit_misplaced(operation.omit, operation.span))
        return SecretValue(secret.name)

    def _joined(self, operation: nodes.SetHeader, joined: nodes.Joined, cells: Sequence[CellEnv]) -> Joined | None:
        separator = constant("a separator", joined.separator, self.sink)
        if not joined.separator.holes and separator != ", " and not (len(separator) == 1 and is_header_text(separator)):
            self.sink.add(errors.joint_malformed(separator, joined.separator.span))
        purpose = Purpose.JOINED_OMIT if operation.omit == "absent" else Purpose.JOINED
        ref = self._reference(joined.ref, cells, purpose)
        if ref is None:
            return None
        self._omit(operation, [ref])
        return Joined(ref, separator)

    def _template(self, operation: nodes.SetHeader, literal: nodes.Str, cells: Sequence[CellEnv]) -> Template | None:
        self._literal_text(literal)
        purpose = Purpose.TEMPLATE_OMIT if operation.omit == "absent" else Purpose.TEMPLATE
        refs = [(at, self._reference(ref, cells, purpose)) for at, ref in literal.holes]
        parts: list[str | Ref] = []
        start = 0
        for at, ref in refs:
            if ref is None:
                return None
            parts += [literal.value[start:at], ref]
            start = at
        parts.append(literal.value[start:])
        if operation.omit is not None and not refs:
            self.sink.add(errors.omit_misplaced(operation.omit, operation.span))
        else:
            self._omit(operation, [ref for _, ref in refs if ref is not None])
        return Template(tuple(part for part in parts if part != ""))

    def _literal_text(self, literal: nodes.Str) -> None:
        value = literal.value
        if not is_header_text(value):
            self.sink.add(errors.header_text_unfit("has a character that is not printable ASCII", literal.span))
            return
        holes = {at for at, _ in literal.holes}
        leading = value.startswith(" ") and 0 not in holes
        trailing = value.endswith(" ") and len(value) not in holes
        if leading or trailing:
            self.sink.add(errors.header_text_unfit("begins or ends with a blank", literal.span))

    def _reference(self, ref: nodes.Ref, cells: Sequence[CellEnv], purpose: Purpose) -> Ref | None:
        return check_reference(ref, cells, self.ground.names, self.sink, purpose=purpose) if cells else None

    def _omit(self, operation: nodes.SetHeader, refs: Sequence[Ref]) -> None:
        if operation.omit == "absent" and not any(ref.optional for ref in refs):
            self.sink.add(errors.omit_says_nothing(operation.span))
