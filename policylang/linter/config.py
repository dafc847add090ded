"""``lint.toml``: the severity of each rule and its options, read from the rule set's directory.

Law of this file: what it says is obeyed or complained of. A file with a complaint gives no configuration at all.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from policylang.diagnostics.model import Diagnostic
from policylang.linter import errors
from policylang.linter.model import LintRule, Options, OptionValue, Setting
from policylang.plan.schema_files import load_schema
from policylang.source.environment import NotToml, parse_toml
from policylang.source.spans import Span
from policylang.source.text import SourceText
from policylang.source.tree import read_aux
from policylang.source.trouble import Trouble

NAME = "lint.toml"
SCHEMA = "lint-config.v1"
_KINDS = {"duration": 'a duration such as "30s"', "count": "a whole number", "words": "a list of texts"}


@dataclass(frozen=True, slots=True)
class Config:
    """What a rule set says of the linter; ``severity`` and ``options`` have only what it says, by code."""

    severity: Mapping[str, Setting] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, OptionValue]] = field(default_factory=dict)

    def of(self, rule: LintRule) -> Setting:
        """A rule's severity."""
        return self.severity.get(rule.code, rule.severity)

    def options_of(self, rule: LintRule) -> Options:
        """A rule's options, those that are not given as they are by default."""
        return Options({**rule.defaults().values, **self.options.get(rule.code, {})})


@dataclass(frozen=True, slots=True)
class ConfigRead:
    """``source`` is the file's text where it could be read; with ``diagnostics``, ``config`` is the default one."""

    config: Config
    source: SourceText | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


def read_config(root: Path | None, rules: Sequence[LintRule], file: int) -> ConfigRead:
    """The configuration below a rule set's root; the default one where there is none.

    ``file`` is the index that the text of ``lint.toml`` has in what spans refer to.
    """
    if root is None or not os.path.lexists(root / NAME):
        return ConfigRead(Config())
    content = read_aux(root, NAME)
    if isinstance(content, Trouble):
        reason = content.reason or _REASONS.get(content.kind, "it is no regular file inside the rule set")
        return ConfigRead(Config(), None, (errors.config_unreadable(reason),))
    return parse_config(content, rules, file)


_REASONS = {
    "size": "it is too big",
    "mark": "it begins with a byte order mark",
    "outside": "it leads out of the rule set",
}


def parse_config(content: str, rules: Sequence[LintRule], file: int) -> ConfigRead:
    """The configuration in a text."""
    source = SourceText(NAME, content)
    table = parse_toml(source)
    if isinstance(table, NotToml):
        at = Span(file, table.offset, table.offset)
        return ConfigRead(Config(), source, (errors.config_not_toml(table.reason.lower(), at),))
    found = tuple(_complaints(table, rules, content, file))
    if found:
        return ConfigRead(Config(), source, found)
    options = {
        code: {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
        for code, given in table.get("options", {}).items()
    }
    return ConfigRead(Config(table.get("severity", {}), options), source)


def _complaints(table: dict[str, Any], rules: Sequence[LintRule], content: str, file: int) -> Iterator[Diagnostic]:
    """Each breach of the schema in words, in the order of the file."""
    found = [
        _worded(error, {rule.code: rule for rule in rules}, content, file)
        for error in Draft202012Validator(load_schema(SCHEMA)).iter_errors(table)
    ]
    yield from sorted((diagnostic for several in found for diagnostic in several), key=lambda d: d.span)


def _worded(error: ValidationError, rules: Mapping[str, LintRule], content: str, file: int) -> Iterator[Diagnostic]:
    path = [str(step) for step in error.absolute_path]
    table: Any = error.instance
    if error.validator == "additionalProperties":
        known = _known(path, rules)
        for name in sorted(table.keys() - set(known)):
            what = "table" if not path else "option" if len(path) == 2 else _OF_RULES[path[0]]
            yield errors.config_unknown(what, name, known, _span(content, [*path, name], file))
        return
    where = ".".join(path) or "the file"
    yield errors.config_unfit(f"`{where}`", _wanted(path, rules), _span(content, path, file))


def _known(path: Sequence[str], rules: Mapping[str, LintRule]) -> list[str]:
    """The names that may stand in a table of the file."""
    match path:
        case []:
            return ["options", "severity"]
        case ["severity"]:
            return sorted(rules)
        case ["options"]:
            return sorted(code for code, rule in rules.items() if rule.options)
        case _:
            return sorted(option.name for option in rules[path[1]].options)


_OF_RULES = {"severity": "lint rule with the code", "options": "lint rule that has options and the code"}


def _wanted(path: Sequence[str], rules: Mapping[str, LintRule]) -> str:
    match path:
        case ["severity", _, *_]:
            return '"off", "note", "warning" or "error"'
        case ["options", code, name, *_]:
            return next(_KINDS[option.kind] for option in rules[code].options if option.name == name)
        case ["options", *_]:
            return "a table of options"
        case _:
            return "a table"


def _span(content: str, path: Sequence[str], file: int) -> Span:
    """Where the last name of a path is most likely written: below its table's heading, or anywhere."""
    *above, name = [step for step in path if not step.isdigit()] or [""]
    heading = re.search(rf"^[ \t]*\[[ \t]*{re.escape('.'.join(above))}[ \t]*\]", content, re.MULTILINE)
    start = heading.end() if heading else 0
    found = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])").search(content, start)
    return Span(file, 0, 0) if found is None or not name else Span(file, found.start(), found.end())
