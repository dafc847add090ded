"""Validates a plan's document against ``schemas/plan.v1.json``, where a plan is written; loading one needs none of it.

Law of this file: jsonschema judges; what is here only keeps it from judging equal values by the same schema twice.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from policylang.plan.refused import PlanRefused
from policylang.plan.schema_files import load_schema

NAME = "plan.v1"

Found = Iterator[ValidationError]


def validate(document: bytes) -> None:
    """Check a document; digests, orders and indices are not the schema's to check.

    Raises:
        PlanRefused: it is not JSON, or it breaks the schema; ``where`` points to the first place in document order.
    """
    try:
        instance = json.loads(document)
    except (ValueError, RecursionError):
        raise PlanRefused("", "not JSON in UTF-8, or nested too deep") from None
    error = next(_validator().iter_errors(instance), None)
    if error is not None:
        where = "".join(f"/{step}" for step in error.absolute_path)
        raise PlanRefused(where, f"breaks the schema's {'/'.join(map(str, error.relative_schema_path))}")


def _validator() -> Validator:
    """A validator that remembers for one document which values it has found good."""
    schema = load_schema(NAME)
    good: dict[str, set[str]] = {}

    def ref(validator: Any, reference: str, instance: Any, _schema: Any) -> Found:
        if not isinstance(instance, list | str | int):
            yield from validator.descend(instance, _definition(reference))
            return
        seen = good.setdefault(reference, set())
        spelling = repr(instance)  # tells true from 1, which are equal
        if spelling in seen:
            return
        sound = True
        for error in validator.descend(instance, _definition(reference)):
            sound = False
            yield error
        if sound:
            seen.add(spelling)

    validator: Validator = extend(Draft202012Validator, {"$ref": ref})(schema)
    return validator


@cache
def _definition(reference: str) -> Any:
    """The schema that ``#/$defs/name`` refers to."""
    return load_schema(NAME)["$defs"][reference.removeprefix("#/$defs/")]
