"""What the documentation takes from the code: diagnostics, settings, commands and the grammar are never written twice.

A page asks for a part by a line such as ``<!-- generated: diagnostics -->``.
"""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
ASKED = re.compile(r"^<!-- generated: ([a-z]+) -->$", re.MULTILINE)
PAGE = re.compile(r"(R\d{3}): (.+?)(?:\n|$)")
GROUPS = {
    "R1": "Reading the text",
    "R2": "Types, names and conditions",
    "R3": "Scopes, rules and ownership",
    "R4": "Routes and patterns",
    "R5": "Headers and identity tokens",
    "R6": "Policies, selects and limits",
    "R7": "Files, settings and caps",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One diagnostic as its constructor's docstring tells it."""

    code: str
    title: str
    text: str


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The hook that mkdocs calls: each asked-for part is put in."""
    return ASKED.sub(lambda match: PARTS[match[1]](), markdown)


def complaints() -> list[Complaint]:
    """Every diagnostic of the compiler, by code; two constructors of one code are told under one heading."""
    found: dict[str, Complaint] = {}
    for path in sorted((ROOT / "policylang").rglob("*.py")):
        if "error" not in path.stem:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            page = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
            match = PAGE.match(page or "")
            if match is not None and page is not None:
                first = found.get(match[1])
                text = page[match.end() :].strip()
                title = match[2].rstrip(".") if first is None else first.title
                before = "" if first is None else f"{first.text}\n\n"
                found[match[1]] = Complaint(match[1], title, before + text)
    return [found[code] for code in sorted(found)]


def diagnostics() -> str:
    """All diagnostics, grouped by the hundreds of their codes, each with its anchor."""
    lines: list[str] = []
    group = ""
    for complaint in complaints():
        if complaint.code[:2] != group:
            group = complaint.code[:2]
            lines += ["", f"## {GROUPS[group]}", ""]
        title = complaint.title[0].upper() + complaint.title[1:]
        lines += [
            f"### {complaint.code} {{ #{complaint.code.lower()} }}",
            "",
            f"**{title}.**",
            "",
            _examples(complaint.text),
            "",
        ]
    return "\n".join(lines)


def settings() -> str:
    """The settings file, section by section, from its schema."""
    schema = json.loads((ROOT / "schemas" / "settings.v1.json").read_text(encoding="utf-8"))
    lines: list[str] = []
    for section, shape in schema["properties"].items():
        lines += ["", f"## `[{section}]`", ""]
        if "description" in shape:
            lines += [shape["description"], ""]
        if "properties" in shape:
            lines += ["| name | default | what |", "|---|---|---|"]
            lines += [_setting(name, spec, schema["$defs"]) for name, spec in shape["properties"].items()]
    return "\n".join(lines)


def commands() -> str:
    """The help of every command, as the terminal shows it."""
    from policylang.cli.main import main

    lines: list[str] = []
    for path, command in _walk(main, ("policylang",)):
        context = click.Context(command, info_name=" ".join(path), max_content_width=100, terminal_width=100)
        lines += ["", f"## {' '.join(path)}", "", "```text", command.get_help(context), "```"]
    return "\n".join(lines)


def grammar() -> str:
    """The grammar that the parser is built from."""
    text = (ROOT / "policylang" / "syntax" / "rules.lark").read_text(encoding="utf-8")
    return f"```text\n{text}```"


PARTS: Mapping[str, Callable[[], str]] = {
    "diagnostics": diagnostics,
    "settings": settings,
    "commands": commands,
    "grammar": grammar,
}


def _walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _walk(child, (*path, name))


def _setting(name: str, spec: dict[str, Any], shared: dict[str, Any]) -> str:
    full = {**shared.get(str(spec.get("$ref", "")).rsplit("/", 1)[-1], {}), **spec}
    default = f"`{json.dumps(full['default'])}`" if "default" in full else ""
    bounds = _bounds(full)
    return f"| `{name}` | {default} | {full.get('description', '')}{bounds} |"


def _bounds(spec: dict[str, Any]) -> str:
    low = spec.get("minimum", spec.get("exclusiveMinimum"))
    if low is None or "maximum" not in spec:
        return ""
    return f" {low:,} to {spec['maximum']:,}."


def _examples(text: str) -> str:
    """Docstring markup as Markdown: ``Bad::`` with an indented block is a fence, double backticks are single ones."""
    out: list[str] = []
    blocks = re.split(r"^(Bad|Good)::\n\n", inspect.cleandoc(text), flags=re.MULTILINE)
    out.append(blocks[0])
    for word, rest in zip(blocks[1::2], blocks[2::2], strict=True):
        lines = rest.split("\n")
        count = next((i for i, line in enumerate(lines) if line and not line.startswith("    ")), len(lines))
        code = textwrap.dedent("\n".join(lines[:count])).strip("\n")
        out.append(f"{word}:\n\n```rules\n{code}\n```\n\n" + "\n".join(lines[count:]))
    return _ticked(out)


def _ticked(parts: list[str]) -> str:
    return "\n".join(part if "```" in part else part.replace("``", "`") for part in parts)
