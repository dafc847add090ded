"""The spine: what stops it, in which order it speaks, and what severities do."""

from pathlib import Path

from policylang.linter.config import Config
from policylang.linter.lint import lint, lint_path
from policylang.source.tree import tree_of
from tests.policylang.linter.linting import AT, compiled, linted

RULES = """language 1
issuer corp {
  iss "https://auth.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  leeway 5min   lifetime at most 1h   identity by claims.sub   claims { sub: text(1..128) }
}
route orders { match GET on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }
allow read on orders for GET always
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def test_findings_in_the_order_of_the_source(tmp_path: Path) -> None:
    result = lint_path(write(tmp_path, a_rules=RULES))
    assert [found.code for found in result.diagnostics] == ["L008", "L001", "L037"]
    assert result.plan is not None


def test_rules_with_errors_are_not_linted(tmp_path: Path) -> None:
    result = lint_path(write(tmp_path, a_rules=RULES.replace("trust corp", "trust crop")))
    assert result.plan is None
    assert all(found.code.startswith("R") for found in result.diagnostics)
    assert result.diagnostics


def test_the_compilers_warnings_are_not_repeated(tmp_path: Path) -> None:
    result = lint_path(write(tmp_path, a_rules=f"{RULES}secret unused_one\n"))
    assert {found.code[0] for found in result.diagnostics} == {"L"}


def test_lint_toml_sets_severities_and_options(tmp_path: Path) -> None:
    toml = '[severity]\nL001 = "error"\nL037 = "off"\n[options.L008]\nlongest = "5min"\n'
    result = lint_path(write(tmp_path, a_rules=RULES, lint_toml=toml))
    assert [(found.code, found.severity) for found in result.diagnostics] == [("L001", "error")]


def test_a_mistake_in_lint_toml_stops_everything_and_can_be_shown(tmp_path: Path) -> None:
    result = lint_path(write(tmp_path, a_rules=RULES, lint_toml='[severity]\nL999 = "off"\n'))
    (found,) = result.diagnostics
    assert result.plan is None
    assert result.tree.files[found.span.file].path == "lint.toml"
    assert result.tree.text_of(found.span) == "L999"


def test_one_file_has_the_lint_toml_of_its_directory(tmp_path: Path) -> None:
    write(tmp_path, a_rules=RULES, lint_toml='[severity]\nL001 = "off"\nL037 = "off"\nL008 = "off"\n')
    assert lint_path(tmp_path / "a.rules").diagnostics == ()


def test_settings_of_an_environment_are_judged(tmp_path: Path) -> None:
    text = RULES.replace("language 1\n", "language 1\nsetting orders url\n")
    folder = write(tmp_path, a_rules=text.replace('"http://127.0.0.1:9000"', "setting.orders"))
    (folder / "env").mkdir()
    (folder / "env" / "prod.toml").write_text('orders = "http://orders.example.com"\n', encoding="utf-8")
    assert "L014" not in {found.code for found in lint_path(folder).diagnostics}
    assert "L014" in {found.code for found in lint_path(folder, "prod").diagnostics}
    assert {found.code for found in lint_path(folder, "missing").diagnostics} == {"R714"}


def test_one_finding_of_a_rule_for_one_place() -> None:
    text = """request headers on orders { set X-A "{claims.sub}{claims.sub}" }\n"""
    result = linted(text)
    spans = [found.span for found in result.diagnostics if found.code == "L018"]
    assert len(spans) == len(set(spans)) == 2


def test_fixes_are_those_of_findings_that_stay() -> None:
    text = "# lint: allow L045 written as our auditors want it\ndeny x on orders when not claims.risk present\n"
    assert linted(text).fixes == {}
    assert len(linted(text.split("\n", 1)[1]).fixes) == 1


def test_nothing_compiled_is_nothing_linted() -> None:
    from policylang.compiler import compile_tree

    broken = compile_tree(tree_of({"a.rules": "language 1\nallow x on y always\n"}), None)
    result = lint(broken, Config(), None)
    assert result.plan is None
    assert result.diagnostics == broken.diagnostics


def test_the_same_every_time() -> None:
    text = compiled("").tree.files[0].text
    one, other = (linted(text.removeprefix("language 1\n"), at=AT) for _ in range(2))
    assert one.diagnostics == other.diagnostics
