"""Validates a plan's document against ``schemas/plan.v1.json``, where a plan is written; loading one needs none of it.

A good document, the usual one, is judged by columns; of another the walk says what is wrong, and where.

Law of this file: every keyword is judged by jsonschema's own function for it. What is here takes the way from schema to
subschema, which jsonschema does by making a new validator at each step, and remembers which values were found good.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from types import NoneType
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from policylang.plan.refused import PlanRefused
from policylang.plan.schema_columns import Columns
from policylang.plan.schema_files import load_schema

NAME = "plan.v1"

Found = Iterable[ValidationError]
Keyword = Callable[[Any, Any, Any, Any], Found | None]


def validate(document: bytes) -> None:
    """Check a document; digests, orders and indices are not the schema's to check.

    Raises:
        PlanRefused: it is not JSON, or it breaks the schema; ``where`` points to the first place that was found.
    """
    first = next(_refusals(document), None)
    if first is not None:
        raise first


def complaints(document: bytes, most: int = 20) -> tuple[str, ...]:
    """What is wrong with a document, in words, at most ``most`` of them; nothing for a good one."""
    return tuple(map(str, islice(_refusals(document), most)))


def _refusals(document: bytes) -> Iterator[PlanRefused]:
    try:
        instance = json.loads(document)
    except (ValueError, RecursionError):
        yield PlanRefused("", "not JSON in UTF-8, or nested too deep")
        return
    schema = load_schema(NAME)
    walk = Walk(schema)
    told = False
    try:
        if Columns(schema, walk).sound(instance, schema):
            return
        for error in walk.descend(instance, schema):
            told = True
            where = "".join(f"/{step}" for step in error.path)
            yield PlanRefused(where, f"breaks the schema at {'/'.join(map(str, error.schema_path))}")
        if not told:
            yield PlanRefused("", "breaks the schema")
    except RecursionError:
        yield PlanRefused("", "nested too deep")


_TYPES: Mapping[str, type] = {
    "array": list, "boolean": bool, "integer": int, "null": NoneType, "number": int, "object": dict, "string": str,
}  # fmt: skip


class Walk:
    """What jsonschema's keyword functions see in place of a validator, for one schema and one document.

    The schema refers to nothing but its own ``$defs``.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._definitions = {f"#/$defs/{name}": definition for name, definition in root["$defs"].items()}
        self._targets: dict[int, Any] = {}
        self._keywords: dict[int, tuple[tuple[str, Any, Keyword], ...]] = {}
        self._good: dict[int, set[str]] = {}
        self._shorten(root)

    def _shorten(self, schema: Any) -> None:
        """Note where each schema that is a reference and nothing else leads."""
        for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
            self._shorten(value)
        if isinstance(schema, dict) and schema.keys() - {"description"} == {"$ref"}:
            self._targets[id(schema)] = self._definitions[schema["$ref"]]

    def descend(self, instance: Any, schema: Any, path: Any = None, schema_path: Any = None) -> Found:
        """What is wrong with ``instance``: nothing at once where an equal one was found good before."""
        schema = self._targets.get(id(schema), schema)
        kind = type(instance)
        if kind is dict or (kind is list and not (instance and type(instance[0]) is str)):
            return self._errors(instance, schema, path, schema_path)
        spelling = repr(instance)  # tells true from 1, which are equal
        good = self._good.get(id(schema))
        if good is None:
            good = self._good[id(schema)] = set()
        return () if spelling in good else self._noted(instance, schema, (path, schema_path), good, spelling)

    def evolve(self, schema: Any) -> "_Under":
        """The same walk over another schema."""
        return _Under(self, schema)

    def is_type(self, instance: Any, name: str) -> bool:
        """Whether an instance is of a JSON type; unlike in JSON Schema, 1.0 is no integer: no plan has it."""
        return type(instance) is _TYPES[name]

    def _noted(
        self, instance: Any, schema: Any, paths: tuple[Any, Any], good: set[str], spelling: str
    ) -> Iterator[ValidationError]:
        sound = True
        for error in self._errors(instance, schema, *paths):
            sound = False
            yield error
        if sound:
            good.add(spelling)

    def _errors(self, instance: Any, schema: Any, path: Any, schema_path: Any) -> Iterator[ValidationError]:
        for name, value, keyword in self._keywords_of(schema):
            for error in keyword(self, value, instance, schema) or ():
                if name not in ("if", "$ref"):
                    error.schema_path.appendleft(name)
                if path is not None:
                    error.path.appendleft(path)
                if schema_path is not None:
                    error.schema_path.appendleft(schema_path)
                yield error

    def _keywords_of(self, schema: Any) -> tuple[tuple[str, Any, Keyword], ...]:
        found = self._keywords.get(id(schema))
        if found is None:
            members = {"not": {}} if schema is False else {} if schema is True else schema
            found = tuple(
                (name, value, self._reference if name == "$ref" else Draft202012Validator.VALIDATORS[name])
                for name, value in members.items()
                if name in Draft202012Validator.VALIDATORS
            )
            self._keywords[id(schema)] = found
        return found

    def _reference(self, _walk: Any, reference: str, instance: Any, _schema: Any) -> Found:
        return self.descend(instance, self._definitions[reference])


class _Under:
    """A walk bound to a schema: what ``if``, ``oneOf`` and their like ask."""

    def __init__(self, walk: Walk, schema: Any) -> None:
        self._walk = walk
        self._schema = schema

    def is_valid(self, instance: Any) -> bool:
        """Whether nothing is wrong."""
        return next(iter(self._walk.descend(instance, self._schema)), None) is None
