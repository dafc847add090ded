import threading
from pathlib import Path

import pytest

from policylang.source.tree import read_tree, tree_of
from policylang.syntax import nodes
from policylang.syntax.parse import NESTING_CAP, parse
from tests.policylang.syntax.reading import DATA, GOOD, codes, item, items, read, shape, told


def kept(text: str) -> list[str]:
    return [type(node).__name__ for node in read(text).rule_set.files[0].items]


@pytest.mark.parametrize("text", GOOD)
def test_good_rule_sets_have_no_complaint(text: str) -> None:
    result = parse(tree_of({"a.rules": text}))
    assert result.diagnostics == ()
    assert result.ok


def test_the_sample_has_every_kind_of_item() -> None:
    found = {type(node).__name__ for node in items((DATA / "sample.rules").read_text().removeprefix("language 1"))}
    assert found == {
        "Setting", "Secret", "Issuer", "Metadata", "Policy", "Select", "Route", "Let", "Rule", "Limit", "Headers",
        "IdentityToken", "Test",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ("", ["R100"]),
        ("# only a comment", ["R100"]),
        ("allow a on b always", ["R100"]),
        ("language", ["R100"]),
        ("language one", ["R100", "R105"]),
        ("language 2", ["R101"]),
        ("language 2\nquantum allow", ["R101"]),
        ("language 01", ["R101"]),
        ("language 1\nlanguage 1", ["R102"]),
        ("language 1 language 1", ["R102"]),
        ("language 1", []),
        ("  # a comment first\n\nlanguage 1 allow a on b always", []),
    ],
)
def test_a_file_says_its_language_first(text: str, complaints: list[str]) -> None:
    assert [d.code for d in parse(tree_of({"a.rules": text})).diagnostics] == complaints


def test_one_slip_costs_one_complaint_and_the_rest_is_kept() -> None:
    text = """
allow a1 on a always
alow a2 on a always
rout a3 { }
allow a4 on a when claims.x ==
allow a5 on a always
route b { match GET on "/b"
route c { match GET on "/c" } }
deny a6 on a when 'x' == claims.y
deny a7 on a always
"""
    assert told(text) == [
        ("R105", "alow"),
        ("R105", "rout"),
        ("R104", "=="),
        ("R104", '"/b"'),
        ("R110", "}"),
        ("R119", "'x'"),
    ]
    assert kept(text) == ["Rule", "Rule", "Route", "Rule", "Rule"]


def test_complaints_come_in_source_order_over_files() -> None:
    result = parse(tree_of({"b.rules": "x", "a.rules": "language 1\nx\nallow y on z for get always"}))
    assert [(d.span.file, d.code) for d in result.diagnostics] == [(0, "R105"), (0, "R138"), (1, "R100"), (1, "R105")]
    assert [file.path for file in result.rule_set.files] == ["a.rules", "b.rules"]


def test_items_may_share_a_line_or_be_wrapped_anywhere() -> None:
    assert kept("allow a on b always deny c on d always let x = 1") == ["Rule", "Rule", "Let"]
    text = "deny\nx\non\na\nwhen\nissuer\nis\nb\nand\nmetadata\n.c\nand\npolicy.grants == []\nand\nblocked\n"
    assert kept(text) == ["Rule"]


def test_blocks_need_no_indentation() -> None:
    text = """
test "x" {
token a {
sub: "u"
}
metadata { roles: ["a"] }
request GET "/a"
expect allow
policy gold
}
select policy on a {
use gold
when issuer is a
refuse otherwise
}
"""
    assert kept(text) == ["Test", "Select"]
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "complaint", "following"),
    [
        ('test "x" {\nrequest headers on b { }\nlet y = 1', ("R104", "{"), ["Headers", "Let"]),
        ("metadata {\nlet y = 1", ("R104", "{"), ["Let"]),
        ("issuer a { claims { x: text }\nroute b { }", ("R104", "}"), ["Route"]),
        ("let x = (1\nlet y = 1", ("R104", "1"), ["Let"]),
        ("let x = [\nlet y = 1", ("R104", "["), ["Let"]),
    ],
)
def test_a_forgotten_bracket_costs_its_own_item_only(
    text: str, complaint: tuple[str, str], following: list[str]
) -> None:
    assert told(text) == [complaint]
    assert kept(text) == following


def test_what_comes_later_is_said_to() -> None:
    text = 'list fired of text from "x"\nroute a { canary setting.x takes 5% by identity }'
    titles = [d.title for d in read(text).diagnostics]
    assert titles == [
        "lists read from files come with a later language version",
        "canaries come with a later language version",
    ]
    assert codes("list a of text\nroute b { match GET on '/b' }") == ["R106", "R119"]
    assert items("let ring = 1 let list = 2 let canary = 3")[2:] != ()


def test_a_malformed_word_silences_what_follows_from_it() -> None:
    assert told("allow a on b when claims.x = 'y' or or\nallow c on d always") == [("R155", "="), ("R119", "'y'")]
    assert told("route a { match GET on 'x' }") == [("R119", "'x'")]
    assert told("let x = 007 + 'y'") == [("R119", "'y'")]


@pytest.mark.parametrize("bracket", ["(", "[", "{", "allow a on b when (", "let x = ("])
def test_nesting_has_a_cap(bracket: str) -> None:
    deep = f"let x = {'(' * 20_000}\nlet y = 1"
    assert codes(deep) == ["R109"]
    assert kept(deep) == ["Let"]
    assert len(codes(bracket * 1_000)) == 1


def test_nesting_up_to_the_cap_is_read() -> None:
    assert codes(f"let x = {'(' * NESTING_CAP}1{')' * NESTING_CAP}") == []
    assert codes(f"let x = {'(' * (NESTING_CAP + 1)}1{')' * (NESTING_CAP + 1)}") == ["R109"]


def test_unreadable_files_are_complained_of_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_bytes(b"\xff")
    (tmp_path / "b.rules").write_text("language 1\nlet x = 1")
    result = parse(read_tree(tmp_path))
    assert [d.code for d in result.diagnostics] == ["R711"]
    assert not result.ok
    assert [len(file.items) for file in result.rule_set.files] == [0, 1]


def test_an_empty_directory_is_an_error(tmp_path: Path) -> None:
    result = parse(read_tree(tmp_path))
    assert [d.code for d in result.diagnostics] == ["R701"]
    assert result.rule_set == nodes.RuleSet(())


@pytest.mark.parametrize("stretch", [1, 2, 7])
def test_how_far_is_looked_ahead_is_not_seen(stretch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = (DATA / "sample.rules").read_text()
    halves = [sample[: len(sample) * n // 9] + sample[len(sample) * (n + 1) // 9 :] for n in range(9)]
    texts = [sample, *halves, "language 1\nlet a = " + "(" * 70 + "\nlet b = claims.x\n", "language 1\nfoo bar {\n" * 3]
    whole = [read(text) for text in texts]
    monkeypatch.setattr("policylang.syntax.parse.STRETCH", stretch)
    assert [read(text) for text in texts] == whole


def test_comments_are_kept_by_file() -> None:
    result = parse(tree_of({"a.rules": "# one\nlanguage 1 # two\n", "b.rules": "language 1"}))
    assert [[comment.text for comment in comments] for comments in result.trivia.comments] == [["# one", "# two"], []]


def test_what_is_no_rules_file_gets_no_complaint_about_grammar() -> None:
    found = {
        d.code for d in parse(tree_of({"a.rules": "%PDF-1.4 %âãÏÓ obj << /Length 3 >> %" + " % x" * 200})).diagnostics
    }
    assert found <= {"R116", "R120", "R121", "R127", "R128"}
    assert "R127" in found


def test_parsing_in_threads_gives_what_parsing_alone_gives() -> None:
    alone = [parse(tree_of({"a.rules": text})).rule_set for text in GOOD]
    together: dict[int, nodes.RuleSet] = {}

    def read_all(offset: int) -> None:
        for index in range(len(GOOD)):
            number = (index + offset) % len(GOOD)
            together[number + offset * 100] = parse(tree_of({"a.rules": GOOD[number]})).rule_set

    threads = [threading.Thread(target=read_all, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 4 * len(GOOD)
    assert all(rule_set == alone[number % 100] for number, rule_set in together.items())


def test_the_spans_of_a_file_index_it() -> None:
    result = parse(tree_of({"a.rules": "language 1\nlet x = 1", "b.rules": "language 1\nlet y = 2"}))
    assert [file.items[0].span.file for file in result.rule_set.files] == [0, 1]


def test_an_item_is_what_it_is_wherever_it_stands() -> None:
    assert shape(item("let x = claims.a == 1")) == shape(item("\n\n   let # c\n x\t=  claims.a==1"))
