"""Every code block of the documentation is what it says: rules compile, TOML and JSON fit their schemas, commands exist."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from jsonschema import Draft202012Validator

from policylang.cli.main import main
from policylang.compiler import compile_tree
from policylang.diagnostics.render_text import render_text
from policylang.plan.schema_files import load_schema
from policylang.source.environment import parse_environment
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse

PAGES = [*sorted(Path("docs").rglob("*.md")), Path("README.md"), Path("CONTRIBUTING.md")]
FENCE = re.compile(r"^```(\w*)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> Iterator[object]:
    for page in PAGES:
        for number, match in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")), 1):
            if match[1] == language:
                yield pytest.param(match[3], match[2], id=f"{page}-{number}")


@pytest.mark.parametrize(("text", "info"), list(blocks("rules")))
def test_rules_compile(text: str, info: str) -> None:
    if ".tests.rules" in info:  # tests of the rules above them: a test of that page's transcripts runs them
        assert parse(tree_of({"page.tests.rules": text})).ok
    elif text.startswith("language "):
        result = compile_tree(tree_of({"page.rules": text}), None)
        assert result.plan is not None, render_text(result.diagnostics, result.tree.files)
    else:
        assert parse(tree_of({"page.rules": f"language 1\n{text}"})).ok


@pytest.mark.parametrize(("text", "info"), list(blocks("toml")))
def test_settings_fit_their_schema(text: str, info: str) -> None:
    if info.strip() == "env":
        found = parse_environment("page", text)
        assert found.troubles == ()
        assert found.values
        return
    schema = "conformance.v1" if info.strip() == "conformance" else "settings.v1"
    Draft202012Validator(load_schema(schema)).validate(tomllib.loads(text))


@pytest.mark.parametrize(("text", "info"), list(blocks("json")))
def test_json_fits_its_schema(text: str, info: str) -> None:
    value = json.loads(text)
    if "decision" in value:
        Draft202012Validator(load_schema("decision-log.v1")).validate(value)
    elif "code" in value:
        Draft202012Validator(load_schema("problem.v1")).validate(value)


def commands() -> Iterator[object]:
    for page in PAGES:
        for match in FENCE.finditer(page.read_text(encoding="utf-8")):
            if match[1] == "console":
                text = match[3].replace("\\\n", " ")
                for command in re.findall(r"(?:^|[|&$(] ?)(policylang [^|&#\n]*)", text, re.MULTILINE):
                    yield pytest.param(command.strip(), id=f"{page}-{command.strip()[:60]}")


@pytest.mark.parametrize("line", list(commands()))
def test_commands_and_their_options_exist(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"no command {words[0]}"
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    known |= {"--help", "-h", "-V", "--version"}
    assert {word for word in words if word.startswith("-") and word != "-"} <= known


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", Path("Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for match in FENCE.finditer(page.read_text(encoding="utf-8"))
        if match[1] == "console"
        for target in re.findall(r"^make (\w+)", match[3], re.MULTILINE)
    }
    assert named
    assert named <= targets
