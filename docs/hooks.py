"""What the documentation takes from the code: diagnostics, settings, commands and the grammar are never written twice.

A page asks for a part by a line such as ``<!-- generated: diagnostics -->``.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from policylang.diagnostics.pages import complaints, examples

ROOT = Path(__file__).resolve().parent.parent
ASKED = re.compile(r"^<!-- generated: ([a-z]+) -->$", re.MULTILINE)
GROUPS = {
    "R1": "Reading the text",
    "R2": "Types, names and conditions",
    "R3": "Scopes, rules and ownership",
    "R4": "Routes and patterns",
    "R5": "Headers and identity tokens",
    "R6": "Policies, selects and limits",
    "R7": "Files, settings and caps",
}


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    """The hook that mkdocs calls: each lint rule has a page of its own, made from the rule's file."""
    for name, text in lint_pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The hook that mkdocs calls: each asked-for part is put in."""
    return ASKED.sub(lambda match: PARTS[match[1]](), markdown)


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
            examples(complaint.text),
            "",
        ]
    return "\n".join(lines)


def lint_pages() -> dict[str, str]:
    """The page of every lint rule by the name of its file."""
    from policylang.linter.page import pages

    return {f"lint/{page.code}.md": f"# {page.code}: {page.name}\n\n{page.text}" for page in pages()}


def lint() -> str:
    """All lint rules in a table, each with a link to its page."""
    from policylang.linter.page import pages

    rows = [
        f"| [{page.code}](../lint/{page.code}.md) | {page.name} | {page.severity} | {page.title}. |" for page in pages()
    ]
    return "\n".join(["| code | name | severity | what it finds |", "|---|---|---|---|", *rows])


def lint_frame() -> str:
    """What the examples of lint rules leave out."""
    from policylang.linter.page import framed

    return f"```rules\n{framed('')}```"


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


def admin() -> str:
    """The admin API's reference, operation by operation, from its document."""
    from gateway.admin.reference_page import reference

    return reference(json.loads((ROOT / "schemas" / "admin-api.v1.json").read_text(encoding="utf-8")))


PARTS: Mapping[str, Callable[[], str]] = {
    "diagnostics": diagnostics,
    "lint": lint,
    "frame": lint_frame,
    "settings": settings,
    "commands": commands,
    "grammar": grammar,
    "admin": admin,
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
