"""The admin API's OpenAPI document as the code needs it: operations, their parameters and the schemas of their bodies.

Law of this file: what the document says is what is enforced; nothing about an operation is written twice.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from gateway.admin.problems import Trouble
from gateway.admin.schema_words import troubles
from policylang.embed import load_schema

NAME = "admin-api.v1"
_URI = "urn:policylang:admin-api.v1"
METHODS = ("get", "put", "post", "patch", "delete")


def _matches(validator: Any, pattern: str, instance: object, schema: object) -> Iterator[ValidationError]:
    """``pattern`` as ECMA-262 reads it: Python's ``$`` takes a line feed before the end as well."""
    del validator, schema
    ours = pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern
    if isinstance(instance, str) and not re.search(ours, instance):
        yield ValidationError("another form")


_Validator: Any = extend(Draft202012Validator, {"pattern": _matches})  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema of the document. ``integer``: its text is read as an integer first."""

    validator: Validator
    integer: bool = False

    def troubles(self, value: Any, base: str = "") -> list[Trouble]:
        """What is wrong with a JSON value; empty: it fits. No value is repeated."""
        return troubles(self.validator.iter_errors(value), value, base)


@dataclass(frozen=True, slots=True)
class Parameter:
    """``default`` None: it is absent where it is not given."""

    name: str
    place: Literal["path", "query", "header"]
    default: Any
    schema: Schema


@dataclass(frozen=True, slots=True)
class Body:
    """``media``: the one media type that is read."""

    media: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: Body | None


class Document:
    """The document, and all its operations in its order."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        resource: Resource[Any] = Resource.from_contents(content, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self.operations = tuple(
            self._operation(path, method, item[method])
            for path, item in content["paths"].items()
            for method in METHODS
            if method in item
        )

    def schema(self, pointer: str) -> Schema:
        """The schema at a JSON pointer, such as ``/components/schemas/Lookup``."""
        validator = _Validator({"$ref": f"{_URI}#{pointer}"}, registry=self._registry)
        return Schema(validator, _resolved(self.content, pointer).get("type") == "integer")

    def _operation(self, path: str, method: str, said: Mapping[str, Any]) -> Operation:
        parameters = tuple(self._parameter(one["$ref"].removeprefix("#")) for one in said.get("parameters", ()))
        body = None
        for media in said.get("requestBody", {}).get("content", {}):
            escaped = media.replace("~", "~0").replace("/", "~1")
            place = path.replace("~", "~0").replace("/", "~1")
            # A fragment is percent-decoded before it is a pointer; braces may not stand in it (RFC 3986 section 3.5).
            fragment = place.replace("{", "%7B").replace("}", "%7D")
            body = Body(media, self.schema(f"/paths/{fragment}/{method}/requestBody/content/{escaped}/schema"))
        return Operation(said["operationId"], method.upper(), path, parameters, body)

    def _parameter(self, pointer: str) -> Parameter:
        said = _resolved(self.content, pointer)
        schema = self.schema(f"{pointer}/schema")
        return Parameter(said["name"], said["in"], said["schema"].get("default"), schema)


def read_document() -> Document:
    """The document of this version."""
    return Document(load_schema(NAME))


def _resolved(content: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    found: Any = content
    for step in pointer.split("/")[1:]:
        name = step.replace("%7B", "{").replace("%7D", "}").replace("~1", "/").replace("~0", "~")
        found = found[name]
    return found if isinstance(found, dict) else {}
