"""What the documentation takes from the code: complete, and put where a page asks for it."""

import ast
import json
import re
from pathlib import Path

from docs import hooks
from policylang.compiler import compile_tree
from policylang.diagnostics.pages import complaints
from policylang.linter.page import pages as lint_pages
from policylang.source.tree import tree_of


def raised_codes() -> set[str]:
    """Every code that some module of the compiler writes into a diagnostic."""
    return {
        node.value
        for path in Path("policylang").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"R\d{3}", node.value)
    }


def test_every_diagnostic_has_its_section() -> None:
    told = {complaint.code for complaint in complaints()}
    assert raised_codes() <= told
    assert len(told) > 150
    text = hooks.diagnostics()
    assert all(f"### {code} " in text for code in told)


def test_every_lint_rule_has_its_page_and_its_row() -> None:
    pages = hooks.lint_pages()
    table = hooks.lint()
    assert len(pages) == len(lint_pages())
    for page in lint_pages():
        text = pages[f"lint/{page.code}.md"]
        assert text.startswith(f"# {page.code}: {page.name}\n")
        assert page.text in text
        assert f"| [{page.code}](../lint/{page.code}.md) | {page.name} |" in table


def test_the_frame_of_the_examples_is_a_rule_set() -> None:
    text = hooks.lint_frame().removeprefix("```rules\n").removesuffix("```")
    assert compile_tree(tree_of({"frame.rules": text}), None).plan is not None


def test_every_setting_is_told() -> None:
    schema = json.loads(Path("schemas/settings.v1.json").read_text(encoding="utf-8"))
    text = hooks.settings()
    for section, shape in schema["properties"].items():
        assert f"## `[{section}]`" in text
        assert all(f"| `{name}` |" in text for name in shape.get("properties", {}))


def test_every_command_is_told() -> None:
    text = hooks.commands()
    for command in ("check", "compile", "explain", "lint", "serve", "identity", "init", "dev issuer", "dev echo"):
        assert f"## policylang {command}\n" in text


def test_a_page_gets_the_part_it_asks_for() -> None:
    page = hooks.on_page_markdown("# Grammar\n\n<!-- generated: grammar -->\n")
    assert "issuer" in page
    assert "generated" not in page


def test_every_request_for_a_part_can_be_met() -> None:
    asked = {
        match[1]
        for page in Path("docs").rglob("*.md")
        for match in hooks.ASKED.finditer(page.read_text(encoding="utf-8"))
    }
    assert asked == hooks.PARTS.keys()
