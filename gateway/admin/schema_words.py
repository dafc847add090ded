"""What a value does wrong by a schema, in words and with its place; no value, and no name that the schema does not have."""

from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import ValidationError

from gateway.admin.problems import Trouble

_SHAPES = frozenset({"type", "required", "additionalProperties"})
_TYPES = {
    "object": "an object",
    "array": "an array",
    "string": "a text",
    "integer": "an integer",
    "boolean": "true or false",
    "null": "null",
}


def troubles(errors: Iterable[ValidationError], value: Any, base: str = "") -> list[Trouble]:
    """What is wrong with ``value``: one thing for each place, in their order; ``base`` is its pointer."""
    found: dict[str, Trouble] = {}
    for error in errors:
        trouble = _trouble(error, value, base)
        found.setdefault(trouble.pointer, trouble)
    return sorted(found.values(), key=lambda trouble: trouble.pointer)


def _trouble(error: ValidationError, value: Any, base: str) -> Trouble:
    meant = _meant(error)
    if meant is not None:
        return _trouble(meant, value, base)
    pointer, within = _place(error, value, base)
    return Trouble(pointer, within + _words(error))


def _meant(error: ValidationError) -> ValidationError | None:
    """What is wrong with the one form that the writer can have meant; None where there is no telling."""
    forms: dict[Any, list[ValidationError]] = {}
    for one in error.context or ():
        forms.setdefault(one.schema_path[0], []).append(one)
    # A member that says which form it is decides; without one, the form whose members these are.
    named = [form for form in forms.values() if all(one.validator != "const" for one in form)]
    here = len(error.absolute_path)
    shaped = [
        form for form in named if not any(one.validator in _SHAPES and len(one.absolute_path) == here for one in form)
    ]
    chosen = named if len(named) == 1 else shaped
    return max(chosen[0], key=lambda one: len(one.absolute_path)) if len(chosen) == 1 else None


def _place(error: ValidationError, value: Any, base: str) -> tuple[str, str]:
    """The pointer as far as the names in it are the schema's own, and in words where to look from there."""
    pointer, free = base, _free_names(error)
    for step, ours in zip(error.absolute_path, free, strict=True):
        if ours:
            return pointer, f"member {list(value).index(step) + 1} of it: "
        pointer += f"/{step}"
        value = value[step]
    return pointer, ""


def _free_names(error: ValidationError) -> Iterator[bool]:
    """For each step of the error's path, whether it is a name that the schema leaves to the writer."""
    keywords = [str(step) for step in error.absolute_schema_path]
    places = list(error.absolute_path)
    at = 0
    for place in places:
        while keywords[at] not in {"properties", "additionalProperties", "items"}:
            at += 1
        yield isinstance(place, str) and keywords[at] == "additionalProperties"
        at += 2 if keywords[at] == "properties" else 1


def _words(error: ValidationError) -> str:
    expected: Any = error.validator_value
    match error.validator:
        case "type":
            return f"expected {_TYPES[expected]}"
        case "required":
            there = error.instance if isinstance(error.instance, dict) else {}
            return f"a member is missing: {', '.join(name for name in expected if name not in there)}"
        case "additionalProperties":
            return _unknown(error)
        case "enum":
            return f"expected one of {', '.join(str(one) for one in expected)}"
        case "const":
            return f"expected {expected}"
        case "minimum" | "maximum":
            schema: Any = error.schema
            return f"expected {schema.get('minimum', 'any')} to {schema.get('maximum', 'any')}"
        case "minLength" | "maxLength" | "minItems" | "maxItems" | "maxProperties":
            return f"has not the length that it may have: {error.validator} is {expected}"
        case "oneOf" | "anyOf":
            return "is of none of the forms that the document has for it"
        case _:
            return "is not of the form that the document has for it"


def _unknown(error: ValidationError) -> str:
    schema: Any = error.schema
    there: Any = error.instance
    known = schema.get("properties", {})
    places = [str(place) for place, name in enumerate(there, 1) if name not in known]
    return f"member {', '.join(places)} is not known; known are {', '.join(known) or 'none'}"
