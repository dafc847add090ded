"""The document: whole, told in every part, its examples fit, and the code takes its schemas from it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from gateway.admin.document import METHODS, read_document
from gateway.admin.problems import CODES

DOCUMENT = read_document()
CONTENT = DOCUMENT.content
OPERATIONS = [
    pytest.param(path, method, item[method], id=item[method]["operationId"])
    for path, item in CONTENT["paths"].items()
    for method in METHODS
    if method in item
]


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = CONTENT
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return resolved(found)


def fits(schema: dict[str, Any], value: object) -> None:
    registry: Registry[Any] = Registry().with_resource(
        "urn:d", Resource.from_contents(CONTENT, default_specification=DRAFT202012)
    )
    absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:d#/'))
    Draft202012Validator(absolute, registry=registry).validate(value)


@pytest.mark.parametrize(("path", "method", "said"), OPERATIONS)
def test_an_operation_is_told_in_full(path: str, method: str, said: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", said["operationId"])
    assert said["summary"]
    assert said["description"].endswith(".")
    assert {"401", "403", "500"} <= said["responses"].keys()
    named = {resolved(one)["name"] for one in said.get("parameters", ()) if resolved(one)["in"] == "path"}
    assert named == set(re.findall(r"\{(\w+)\}", path))
    if method in {"put", "patch", "post"} and "requestBody" in said:
        assert {"400", "413", "415"} <= said["responses"].keys()


@pytest.mark.parametrize(("path", "method", "said"), OPERATIONS)
def test_examples_fit(path: str, method: str, said: dict[str, Any]) -> None:
    contents = [resolved(answer).get("content", {}) for answer in said["responses"].values()]
    if "requestBody" in said:
        contents.append(said["requestBody"]["content"])
    for media in (media for content in contents for media in content.values()):
        assert media["examples"]
        for example in media["examples"].values():
            fits(media["schema"], example["value"])
    for parameter in map(resolved, said.get("parameters", ())):
        if "example" in parameter:
            fits(parameter["schema"], parameter["example"])


def schemas(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from schemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from schemas(value)


def test_schemas_are_schemas_and_their_examples_fit() -> None:
    for name, schema in CONTENT["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema["description"], name
        for example in schema.get("examples", ()):
            fits(schema, example)


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    used = {node["$ref"] for node in schemas(CONTENT) if "$ref" in node}
    for one in used:
        resolved({"$ref": one})
    there = {
        f"#/components/{kind}/{name}"
        for kind, components in CONTENT["components"].items()
        if kind != "securitySchemes"
        for name in components
    }
    assert there == used


def test_codes_are_those_of_the_code() -> None:
    assert CONTENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] == list(CODES)
    for name, answer in CONTENT["components"]["responses"].items():
        problem = answer["content"]["application/problem+json"]["examples"]["problem"]["value"]
        assert (problem["status"], problem["title"]) == CODES[problem["code"]], name


def test_objects_that_are_written_take_no_unknown_member() -> None:
    for name in ("IdentityWrite", "IdentityPatch", "Lookup", "NewKey", "KeyPatch", "PublicJwk"):
        assert CONTENT["components"]["schemas"][name]["additionalProperties"] is False


def test_the_file_is_the_document() -> None:
    assert json.loads(Path("schemas/admin-api.v1.json").read_text(encoding="utf-8")) == CONTENT
    assert CONTENT["openapi"].startswith("3.1.")


def test_operations_have_their_schemas() -> None:
    put = next(one for one in DOCUMENT.operations if one.id == "identities.put")
    assert (put.method, put.path) == ("PUT", "/v1/identities/{identity}")
    assert put.body is not None
    assert put.body.media == "application/json"
    assert put.body.schema.troubles({"metadata": {}}) == []
    assert put.body.schema.troubles({}) != []
    limit = next(
        one
        for operation in DOCUMENT.operations
        if operation.id == "identities.list"
        for one in operation.parameters
        if one.name == "limit"
    )
    assert (limit.default, limit.schema.integer) == (100, True)
