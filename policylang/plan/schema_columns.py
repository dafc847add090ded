"""Whether a JSON value is good under a schema, judged a column at a time: all rules at once, then all their names at once.

Law of this file: what a keyword means is jsonschema's to say. Here is the way from values to the values within them, which
is the most of jsonschema's time, and what a keyword's answer rests on, so that values alike in that are asked about once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import NoneType
from typing import Any

from jsonschema import Draft202012Validator

Column = Sequence[Any]
Bad = set[int]
"""The indices of the values of a column that break a schema."""

Demand = tuple[Sequence[int], Column, Any]
"""Values that must be good under a schema, and for each the row that is bad if it is not."""

_SCALARS = frozenset({str, int, bool, float, NoneType})

_RESTS_ON: Mapping[tuple[str, ...], Callable[[Any], Any]] = {
    ("minItems", "list"): len,
    ("maxItems", "list"): len,
    ("required", "dict"): tuple,
    ("additionalProperties", "dict"): tuple,
}
"""For a keyword and values of one type, what of them tells apart those that it may judge differently."""

_EXTREMES: Mapping[str, Callable[[Iterable[int]], int]] = {"minimum": min, "maximum": max}
"""Of integers, the one that is bad if any is."""


class Columns:
    """Judges values under any part of the schema ``root``, whose references are all to its own ``$defs``.

    ``asked`` is what jsonschema's functions of keywords see in place of a validator. Its types must be Python's own: what
    JSON type a value is of must rest on its ``type`` alone.
    """

    def __init__(self, root: Mapping[str, Any], asked: Any) -> None:
        self._asked = asked
        self._definitions = {f"#/$defs/{name}": definition for name, definition in root["$defs"].items()}
        self._demands: Mapping[str, Callable[[Column, Any, Any], Iterable[Demand]]] = {
            "$ref": lambda column, reference, _: [(range(len(column)), column, self._definitions[reference])],
            "allOf": lambda column, schemas, _: [(range(len(column)), column, schema) for schema in schemas],
            "anyOf": self._any_of,
            "if": self._if,
            "items": _items,
            "prefixItems": _prefix_items,
            "properties": _properties,
        }
        self._counts: Mapping[str, Callable[[Column, Any, Any], Bad]] = {
            "contains": self._contains,
            "oneOf": self._one_of,
        }

    def sound(self, value: Any, schema: Any) -> bool:
        """Whether a value is good under a schema; it may be nested to any depth."""
        waiting: list[tuple[Column, Any]] = [([value], schema)]
        while waiting:
            column, schema = waiting.pop()
            if schema is False and column:
                return False
            if isinstance(schema, bool) or not column:
                continue
            kinds = set(map(type, column))
            column = list(set(column)) if len(kinds) == 1 and kinds <= _SCALARS else column
            for keyword in schema:
                demands = self._demands.get(keyword)
                if demands is not None:
                    waiting += [(values, inner) for _, values, inner in demands(column, schema[keyword], schema)]
                elif self._broken(keyword, column, kinds, schema):
                    return False
        return True

    def bad(self, column: Column, schema: Any) -> Bad:
        """Which values of a column break a schema."""
        if isinstance(schema, bool) or not column:
            return set() if schema is True else set(range(len(column)))
        kinds = set(map(type, column))
        bad: Bad = set()
        for keyword in schema:
            demands = self._demands.get(keyword)
            if demands is None:
                bad |= self._broken(keyword, column, kinds, schema)
                continue
            for rows, values, inner in demands(column, schema[keyword], schema):
                bad.update(rows[i] for i in self.bad(values, inner))
        return bad

    def _broken(self, keyword: str, column: Column, kinds: set[type], schema: Mapping[str, Any]) -> Bad:
        """Which values break a keyword that says nothing of values within them; jsonschema is asked once for all alike."""
        counts = self._counts.get(keyword)
        if counts is not None:
            return counts(column, schema[keyword], schema)
        judge = Draft202012Validator.VALIDATORS.get(keyword)
        if judge is None:
            return set()

        def good(value: Any) -> bool:
            return next(iter(judge(self._asked, schema[keyword], value, schema) or ()), None) is None

        extreme = _EXTREMES.get(keyword)
        if extreme is not None and kinds == {int} and good(extreme(column)):
            return set()
        keys = list(map(_rests_on(keyword, schema, kinds), column))
        wrong = {key for key, value in dict(zip(keys, column, strict=True)).items() if not good(value)}
        return {i for i, key in enumerate(keys) if key in wrong} if wrong else set()

    def _if(self, column: Column, condition: Any, schema: Mapping[str, Any]) -> Iterator[Demand]:
        otherwise = self.bad(column, condition)
        if "then" in schema:
            yield _some(column, [i for i in range(len(column)) if i not in otherwise], schema["then"])
        if "else" in schema:
            yield _some(column, sorted(otherwise), schema["else"])

    def _any_of(self, column: Column, schemas: Sequence[Any], _schema: Any) -> Iterator[Demand]:
        """What is good under none of the others must be good under the last."""
        rows: Sequence[int] = range(len(column))
        for schema in schemas[:-1]:
            bad = self.bad([column[row] for row in rows], schema)
            rows = [rows[i] for i in sorted(bad)]
        yield _some(column, rows, schemas[-1])

    def _one_of(self, column: Column, schemas: Sequence[Any], _schema: Any) -> Bad:
        fitting = [0] * len(column)
        for schema in schemas:
            bad = self.bad(column, schema)
            for i in range(len(column)):
                fitting[i] += i not in bad
        return {i for i, count in enumerate(fitting) if count != 1}

    def _contains(self, column: Column, contains: Any, schema: Mapping[str, Any]) -> Bad:
        rows, values = _elements(column, 0)
        found = {i: 0 for i, value in enumerate(column) if type(value) is list}
        bad = self.bad(values, contains)
        for i, row in enumerate(rows):
            found[row] += i not in bad
        least, most = schema.get("minContains", 1), schema.get("maxContains")
        return {row for row, count in found.items() if count < least or (most is not None and count > most)}


def _rests_on(keyword: str, schema: Mapping[str, Any], kinds: set[type]) -> Callable[[Any], Any]:
    """What a keyword's answer rests on: at most the spelling, in which 1 is not true."""
    if keyword == "type":
        return type
    if len(kinds) > 1 or isinstance(schema[keyword], dict):
        return repr
    return _RESTS_ON.get((keyword, *(kind.__name__ for kind in kinds)), repr)


def _some(column: Column, rows: Sequence[int], schema: Any) -> Demand:
    return rows, column if len(rows) == len(column) else [column[row] for row in rows], schema


def _properties(column: Column, properties: Mapping[str, Any], _schema: Any) -> Iterator[Demand]:
    objects = [(i, value) for i, value in enumerate(column) if type(value) is dict]
    for name, schema in properties.items():
        having = [(i, value) for i, value in objects if name in value]
        yield [i for i, _ in having], [value[name] for _, value in having], schema


def _prefix_items(column: Column, prefix: Sequence[Any], _schema: Any) -> Iterator[Demand]:
    rows = [i for i, value in enumerate(column) if type(value) is list]
    arrays = [column[row] for row in rows]
    shortest = min(map(len, arrays), default=0)
    for place, schema in enumerate(prefix):
        if place >= shortest:
            rows = [row for row in rows if len(column[row]) > place]
            arrays = [column[row] for row in rows]
        if schema is not True:
            yield rows, [array[place] for array in arrays], schema


def _items(column: Column, items: Any, schema: Mapping[str, Any]) -> Iterator[Demand]:
    yield *_elements(column, len(schema.get("prefixItems", ()))), items


def _elements(column: Column, first: int) -> tuple[list[int], list[Any]]:
    """The elements of all arrays from index ``first``, and for each the row of its array."""
    arrays = [(i, value) for i, value in enumerate(column) if type(value) is list and len(value) > first]
    rows = [i for i, value in arrays for _ in range(len(value) - first)]
    return rows, [element for _, value in arrays for element in value[first:]]
