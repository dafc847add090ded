from pathlib import Path

import pytest

from policylang.compiler import compile_path, compile_tree
from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.render_text import render_text
from policylang.plan.codec import decode, encode
from policylang.source.text import SourceText
from policylang.source.tree import tree_of

ISSUER = """
issuer corp {
  iss        "https://auth.example.com"
  keys       "https://auth.example.com/jwks"
  algorithms ES256
  audience   "https://api.example.com"
  identity   by claims.sub
  claims { sub: text(1..128)  scope: set of text split " " }
}
"""
SMALL = f"""language 1
setting orders_url url
{ISSUER}
route orders {{ match GET on "/orders/**"  trust corp  upstream setting.orders_url }}
allow read on orders when "orders:read" in claims.scope
"""
VALUES = {"orders_url": "http://127.0.0.1:9000"}


def test_a_rule_set_becomes_a_plan_and_its_document() -> None:
    result = compile_tree(tree_of({"a.rules": SMALL}), VALUES)
    assert result.diagnostics == ()
    assert result.plan is not None
    assert result.module is not None
    assert result.plan.routes[0].upstream == ("http://127.0.0.1:9000",)
    assert result.document == encode(result.plan)
    assert decode(result.document) == result.plan


def test_errors_of_the_parser_end_it() -> None:
    result = compile_tree(tree_of({"a.rules": SMALL.replace("allow read on", "allow read over")}), VALUES)
    assert (result.plan, result.module, result.document) == (None, None, b"")
    assert result.diagnostics


def test_errors_of_the_checker_end_it() -> None:
    result = compile_tree(tree_of({"a.rules": SMALL.replace("claims.scope", "claims.scopes")}), VALUES)
    assert (result.plan, result.module) == (None, None)
    assert [d.code[0] for d in result.diagnostics] == ["R"]


def test_without_an_environment_settings_have_placeholders() -> None:
    result = compile_tree(tree_of({"a.rules": SMALL}), None)
    assert result.plan is not None
    assert result.plan.routes[0].upstream[0].endswith(".invalid")
    assert result.placeholders == ("orders_url",)
    assert compile_tree(tree_of({"a.rules": SMALL}), VALUES).placeholders == ()


def test_missing_values_are_errors() -> None:
    assert compile_tree(tree_of({"a.rules": SMALL}), {}).plan is None


def written(folder: Path, **environments: str) -> Path:
    (folder / "env").mkdir()
    (folder / "a.rules").write_text(SMALL, encoding="utf-8")
    for name, text in environments.items():
        (folder / "env" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_directory_is_compiled_for_an_environment(tmp_path: Path) -> None:
    written(tmp_path, prod='orders_url = "http://127.0.0.1:9001"')
    result = compile_path(tmp_path, "prod")
    assert result.plan is not None
    assert result.plan.routes[0].upstream == ("http://127.0.0.1:9001",)
    assert compile_path(tmp_path / "a.rules", "prod").plan == result.plan


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("orders_url: 1", "env/prod.toml:1:11"),
        ('orders_url = "http://127.0.0.1:9001"\n[more]', "env/prod.toml:2:2"),
        ("orders_url = 9000", "a.rules:2:9"),
    ],
)
def test_complaints_about_an_environment_show_its_line(tmp_path: Path, text: str, shown: str) -> None:
    result = compile_path(written(tmp_path, prod=text), "prod")
    assert result.plan is None
    assert f"--> {shown}" in render_text(result.diagnostics, result.tree.files)


def test_a_value_that_no_setting_wants_is_told_at_its_line_in_the_environment(tmp_path: Path) -> None:
    path = written(tmp_path, prod='orders_url = "http://127.0.0.1:9000"\nordrs = "http://x"\n"spare" = 1\n')
    text = render_text(*_told(path, "prod"))
    assert "--> env/prod.toml:2:1" in text
    assert '3 | "spare" = 1' in text
    assert "a.rules" not in text
    assert "--> env/prd.toml\n" in render_text(*_told(path, "prd"))


def _told(path: Path, environment: str) -> tuple[tuple[Diagnostic, ...], tuple[SourceText, ...]]:
    result = compile_path(path, environment)
    assert result.plan is None
    return result.diagnostics, result.tree.files


def test_an_environment_that_is_not_there_is_one_complaint(tmp_path: Path) -> None:
    result = compile_path(written(tmp_path, prod=""), "prd")
    assert [d.code for d in result.diagnostics] == ["R714"]
    assert "did you mean `prod`?" in render_text(result.diagnostics, result.tree.files)


def test_a_path_that_is_not_there_is_a_complaint(tmp_path: Path) -> None:
    result = compile_path(tmp_path / "nothing")
    assert result.plan is None
    assert [d.code for d in result.diagnostics] == ["R700"]


def test_no_digest_depends_on_a_file_of_tests_and_the_semantic_one_on_no_test() -> None:
    rules = 'language 1\nroute a { match GET on "/a"  trust anonymous  upstream "http://127.0.0.1:9000" }\nallow x on a always\n'
    test = 'test "t" { request GET "/a"  expect allow }\n'
    plain = compile_tree(tree_of({"m.rules": rules}), None).plan
    beside = compile_tree(tree_of({"m.rules": rules, "a.tests.rules": f"language 1\n{test}"}), None)
    inside = compile_tree(tree_of({"m.rules": rules + test}), None)
    assert beside.module is not None
    assert len(beside.module.tests) == 1
    assert plain is not None
    assert beside.plan == plain
    assert inside.plan is not None
    assert inside.plan.semantic == plain.semantic


def test_a_condition_as_deep_as_may_be_written_has_a_plan() -> None:
    names = [f"b{number}" for number in range(31)]
    condition = "claims.b30"
    for name in names[:-1]:
        condition = f"claims.{name} and not ({condition})"
    issuer = 'issuer corp { iss "https://a.example"  keys "https://a.example/jwks"  algorithms ES256  audience "x"  '
    claims = "  ".join(f"{name}: bool" for name in names)
    result = compile_tree(
        tree_of(
            {
                "a.rules": f"language 1\n{issuer}identity by claims.sub  claims {{ sub: text(1..9)  {claims} }} }}\n"
                'route r { match GET on "/"  trust corp  upstream "http://127.0.0.1:9000" }\n'
                f"allow a on r when {condition}\n"
            }
        ),
        None,
    )
    assert result.diagnostics == ()
    assert result.plan is not None
