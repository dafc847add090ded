import re

from policylang.linter.catalogue import RULES
from policylang.linter.page import framed, page_of, pages
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse


def test_a_frame_is_put_around_what_an_example_leaves_out() -> None:
    whole = framed("")
    assert all(word in whole for word in ("issuer corp {", "route orders {", "allow read on orders"))
    assert whole.startswith("language 1\n")
    assert framed("issuer corp { }\n").count("issuer corp") == 1
    assert framed("route orders { }\n").count("route orders") == 1
    assert "allow read on orders" not in framed("allow x on a, orders for GET always\n")
    assert "allow read on orders" in framed("shadow allow x on orders always\n")
    assert "route orders {" in framed("route orders_2 { }\n")


def test_every_page_is_whole() -> None:
    for page in pages():
        assert re.fullmatch(r"L\d{3}", page.code)
        assert page.text.endswith("\n")
        assert page.text.count("```") % 2 == 0
        assert "::" not in re.sub(r"```.*?```", "", page.text, flags=re.DOTALL).replace("fc00::/7", "")
        assert not page.title.endswith(".")
    assert len({page.name for page in pages()}) == len(pages())


def test_examples_on_pages_are_rules() -> None:
    for page in pages():
        for block in re.findall(r"```rules\n(.*?)```", page.text, re.DOTALL):
            assert parse(tree_of({"a.rules": f"language 1\n{block}"})).ok, page.code


def test_options_have_their_defaults_as_toml() -> None:
    by_code = {rule.code: page_of(rule).text for rule in RULES}
    assert '| `longest` | `"60s"` |' in by_code["L008"]
    assert "| `accepted` | `[]` |" in by_code["L012"]
    assert "| `fewest` | `3` |" in by_code["L007"]
    assert "below `[options.L008]`" in by_code["L008"]


def test_what_is_fixed_is_said() -> None:
    by_code = {rule.code: page_of(rule).text for rule in RULES}
    assert "Automatic fix: none." in by_code["L001"]
    assert "Automatic fix: writes the negated form." in by_code["L045"]
