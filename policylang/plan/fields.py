"""Readers of dataclasses, made from their annotations: each member present, none unknown, each of its type."""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from policylang.plan.leaves import Leaf, array, boolean, choice, integer, many, members, nullable, refuse, text
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import Pace, Steps

Reader = Callable[[object, Pace], Steps[Any]]
"""Reads one JSON value, giving way in between."""

_SCALARS: dict[object, Leaf] = {str: text, int: integer(), bool: boolean}


class Readers:
    """Makes and keeps the reader of each class.

    ``refined`` holds leaves that say more of a field than its annotation, keyed by class and field; ``stepped`` readers
    of whole classes; ``checks`` what must hold between the fields of one object.
    """

    def __init__(
        self,
        refined: Mapping[tuple[type, str], Leaf],
        stepped: Mapping[type, Reader],
        checks: Mapping[type, Callable[[Any], None]],
    ) -> None:
        self._refined = refined
        self._checks = checks
        self._made: dict[type, Reader] = dict(stepped)

    def of(self, cls: type) -> Reader:
        """The reader of a dataclass."""
        if cls not in self._made:
            self._made[cls] = self._dataclass(cls)
        return self._made[cls]

    def _dataclass(self, cls: type) -> Reader:
        hints = get_type_hints(cls)
        leaves: list[tuple[str, Leaf]] = []
        inner: list[tuple[str, Reader]] = []
        for field in fields(cls):
            leaf = self._refined.get((cls, field.name)) or _leaf(hints[field.name])
            if leaf is not None:
                leaves.append((field.name, leaf))
            else:
                inner.append((field.name, self._inner(hints[field.name])))
        names = {field.name for field in fields(cls)}
        check = self._checks.get(cls)

        def read(raw: object, pace: Pace) -> Steps[Any]:
            found = members(raw)
            if found.keys() != names:
                raise _members_differ(found, names)
            if pace.due():
                yield
            values = {}
            member = ""
            try:
                for member, leaf in leaves:
                    values[member] = leaf(found[member])
                for member, reader in inner:
                    values[member] = yield from reader(found[member], pace)
            except PlanRefused as refused:
                raise refused.within(member) from None
            made = cls(**values)
            if check is not None:
                check(made)
            return made

        return read

    def _inner(self, hint: object) -> Reader:
        """A reader of dataclasses: one, one or null, or a tuple of anything that holds some."""
        if isinstance(hint, type) and get_origin(hint) is None:
            return self.of(hint)
        args = get_args(hint)
        if get_origin(hint) is tuple:
            return _each(self._item(args[0]))
        return or_null(self._inner(next(a for a in args if a is not types.NoneType)))

    def _item(self, hint: object) -> Reader:
        leaf = _leaf(hint)
        return self._inner(hint) if leaf is None else stepping(leaf)


def _leaf(hint: object) -> Leaf | None:
    """The leaf of a hint that holds no dataclass: scalars, choices, tuples of them, and any of these or null."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return choice(args)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        item = _leaf(args[0])
        return None if item is None else many(item)
    if origin in (types.UnionType, Union) and types.NoneType in args and len(args) == 2:
        item = _leaf(next(a for a in args if a is not types.NoneType))
        return None if item is None else nullable(item)
    return None


def stepping(leaf: Leaf) -> Reader:
    """A leaf as a reader."""

    def read(raw: object, pace: Pace) -> Steps[Any]:
        if pace.due():
            yield
        return leaf(raw)

    return read


def _each(item: Reader) -> Reader:
    def read(raw: object, pace: Pace) -> Steps[Any]:
        out = []
        for i, element in enumerate(array(raw)):
            try:
                out.append((yield from item(element, pace)))
            except PlanRefused as refused:
                raise refused.within(i) from None
        return tuple(out)

    return read


def or_null(reader: Reader) -> Reader:
    """null, or what ``reader`` reads."""

    def read(raw: object, pace: Pace) -> Steps[Any]:
        if raw is None:
            return None
        return (yield from reader(raw, pace))

    return read


def _members_differ(found: Mapping[str, object], names: set[str]) -> PlanRefused:
    unknown, missing = sorted(found.keys() - names), sorted(names - found.keys())
    if unknown:
        return refuse("a member that is not known here")
    return refuse(f"without the member {missing[0]}")
