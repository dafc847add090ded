"""The law of the catalogue: every rule finds its bad example, not its good one, and its fix keeps its word."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import policylang.linter.rules
from policylang.linter import errors
from policylang.linter.catalogue import RULES
from policylang.linter.config import Config
from policylang.linter.fix import fix
from policylang.linter.model import LintRule
from policylang.linter.page import pages
from tests.policylang.linter.linting import AT, compiled, findings, linted

ROOT = Path(__file__).parents[3]
ALL = [pytest.param(rule, id=rule.code) for rule in RULES]


def module_of(rule: LintRule) -> str:
    return rule.check.__module__


@pytest.mark.parametrize("rule", ALL)
def test_the_bad_example_is_found_and_the_good_one_is_not(rule: LintRule) -> None:
    assert compiled(rule.bad).diagnostics == (), "the compiler complains already"
    assert findings(rule.code, rule.bad, AT)
    assert findings(rule.code, rule.good, AT) == []


@pytest.mark.parametrize("rule", ALL)
def test_every_finding_says_what_to_do_and_points_somewhere(rule: LintRule) -> None:
    for found in findings(rule.code, rule.bad, AT):
        assert found.severity == rule.severity
        assert found.help
        assert found.span.end > found.span.start
        assert not found.title.endswith(".")


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in RULES if rule.fix])
def test_a_fix_does_away_with_the_finding_and_keeps_its_word(rule: LintRule) -> None:
    before = linted(rule.bad, at=AT)
    fixed = fix(before)
    assert fixed.count >= 1
    assert rule.code not in {found.code for found in fixed.result.diagnostics}
    assert before.plan is not None
    assert fixed.result.plan is not None
    assert (fixed.result.plan.semantic == before.plan.semantic) is not bool(fixed.changes)


@pytest.mark.parametrize("rule", ALL)
def test_what_has_a_fix_says_so_on_its_page(rule: LintRule) -> None:
    has_one = any(found.edits for found in findings(rule.code, rule.bad, AT))
    assert has_one is bool(rule.fix)


def test_codes_and_names_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES) >= 24


@pytest.mark.parametrize("rule", ALL)
def test_each_rule_is_a_file_of_its_own_and_says_its_code(rule: LintRule) -> None:
    modules = [module_of(other) for other in RULES]
    assert modules.count(module_of(rule)) == 1
    path = ROOT / (module_of(rule).replace(".", "/") + ".py")
    assert path.read_text(encoding="utf-8").startswith(f'"""{rule.code}: ')


def test_no_rule_is_left_out() -> None:
    folder = Path(policylang.linter.rules.__file__ or "").parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == {module_of(rule).rpartition(".")[2] for rule in RULES}


@pytest.mark.parametrize("rule", ALL)
def test_names_are_kebab_case_and_texts_are_sentences(rule: LintRule) -> None:
    assert rule.name == rule.name.lower().replace("_", "-")
    assert rule.what.endswith(".")
    assert rule.why.endswith(".")
    for option in rule.options:
        assert option.what.endswith(".")


def test_the_schema_has_every_rule_and_every_option() -> None:
    schema = json.loads((ROOT / "schemas" / "lint-config.v1.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]["severity"]["properties"]) == [rule.code for rule in RULES]
    options = schema["properties"]["options"]["properties"]
    assert {code: list(spec["properties"]) for code, spec in options.items()} == {
        rule.code: [option.name for option in rule.options] for rule in RULES if rule.options
    }
    defaults = {
        rule.code: {
            option.name: list(option.default) if isinstance(option.default, tuple) else option.default
            for option in rule.options
        }
        for rule in RULES
        if rule.options
    }
    Draft202012Validator(schema).validate({"options": defaults})


def test_every_rule_has_a_page_and_so_has_what_the_linter_says_of_itself() -> None:
    codes = {page.code for page in pages()}
    own = {
        doc[:4] for name, function in vars(errors).items() if (doc := getattr(function, "__doc__", "") or "")[:1] == "L"
    }
    assert codes == {rule.code for rule in RULES} | own


def test_a_rule_that_is_off_finds_nothing() -> None:
    for rule in RULES:
        result = linted(rule.bad, Config(severity={rule.code: "off"}), AT)
        assert rule.code not in {found.code for found in result.diagnostics}
