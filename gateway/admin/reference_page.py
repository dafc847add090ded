"""The admin API's document as a page: each operation with its parameters, body, answers and examples; then the schemas."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]


def reference(document: Json) -> str:
    """The page's text below its title."""
    lines: list[str] = []
    for tag in document["tags"]:
        lines += ["", f"## {tag['name'].capitalize()}", "", tag["description"]]
        for path, item in document["paths"].items():
            for method, said in item.items():
                if tag["name"] in said["tags"]:
                    lines += ["", f"### {said['summary']}", "", f"`{method.upper()} {path}`", "", said["description"]]
                    lines += _operation(document, said)
    lines += ["", "## Schemas"]
    for name, schema in document["components"]["schemas"].items():
        lines += ["", f"### {name} {{ #schema-{name.lower()} }}", "", schema["description"], *_members(schema)]
    return "\n".join(lines)


def _operation(document: Json, said: Json) -> Iterator[str]:
    parameters = [_found(document, one) for one in said.get("parameters", ())]
    if parameters:
        yield from ("", "| parameter | in | what |", "|---|---|---|")
        for one in parameters:
            yield f"| `{one['name']}` | {one['in']} | {one['description']}{_default(one['schema'])} |"
    for media, content in said.get("requestBody", {}).get("content", {}).items():
        yield from ("", f"Body, `{media}`: {_kind(content['schema'])}.")
        yield from _examples(content)
    yield from ("", "| status | what | body |", "|---|---|---|")
    answers = {status: _found(document, one) for status, one in said["responses"].items()}
    for status, answer in answers.items():
        kinds = [_kind(content["schema"]) for content in answer.get("content", {}).values()]
        yield f"| {status} | {answer['description']} | {', '.join(kinds)} |"
    for status, answer in answers.items():
        if status.startswith("2") and "application/json" in answer.get("content", {}):
            yield from ("", f"{status}:")
            yield from _examples(answer["content"]["application/json"])


def _examples(content: Json) -> Iterator[str]:
    for example in content["examples"].values():
        yield from ("", "```text", json.dumps(example["value"], indent=2, ensure_ascii=False), "```")


def _members(schema: Json) -> Iterator[str]:
    for form in schema.get("oneOf", (schema,)):
        if "properties" in form:
            yield from ("", "| member | what | |", "|---|---|---|")
            for name, one in form["properties"].items():
                must = "required" if name in form.get("required", ()) else ""
                yield f"| `{name}` | {_kind(one)}{_told(one)} | {must} |"


def _told(schema: Json) -> str:
    return f". {schema['description']}" if schema.get("description") else ""


def _default(schema: Json) -> str:
    return f" `{schema['default']}` without it." if "default" in schema else ""


def _kind(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#schema-{name.lower()})"
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{json.dumps(one)}`" for one in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema or "oneOf" in schema:
        return " or ".join(_kind(one) for one in schema.get("anyOf", schema.get("oneOf", ())))
    if schema.get("type") == "array":
        return f"array of {_kind(schema['items'])}"
    return str(schema.get("type", "any"))


def _found(document: Json, node: Json) -> Json:
    if "$ref" not in node:
        return node
    found: Any = document
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return _found(document, found)
