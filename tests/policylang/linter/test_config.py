"""``lint.toml``: obeyed or complained of."""

from pathlib import Path

import pytest

from policylang.linter.catalogue import RULES
from policylang.linter.config import ConfigRead, parse_config, read_config

LEEWAY = next(rule for rule in RULES if rule.code == "L008")


UNFIT = "`lint.toml`: `{}` has a value that it cannot have"


def parsed(text: str) -> ConfigRead:
    return parse_config(text, RULES, 7)


def test_severities_and_options() -> None:
    read = parsed(
        '[severity]\nL008 = "error"\nL001 = "off"\n[options.L008]\nlongest = "10s"\n[options.L012]\naccepted = ["RS256"]\n'
    )
    assert read.diagnostics == ()
    assert read.config.of(LEEWAY) == "error"
    assert read.config.options_of(LEEWAY).micros("longest") == 10_000_000
    assert read.config.severity["L001"] == "off"
    assert read.config.options["L012"] == {"accepted": ("RS256",)}


def test_what_is_not_said_is_as_it_was() -> None:
    read = parsed("")
    assert read.diagnostics == ()
    assert read.config.of(LEEWAY) == "warning"
    assert read.config.options_of(LEEWAY).text("longest") == "60s"


@pytest.mark.parametrize(
    ("text", "code", "title", "place"),
    [
        ('[severity]\nL8 = "off"', "L912", "`lint.toml`: there is no lint rule with the code `L8`", "L8"),
        ('[severity]\nL008 = "fatal"', "L913", UNFIT.format("severity.L008"), "L008"),
        ("[severity]\nL008 = 1", "L913", UNFIT.format("severity.L008"), "L008"),
        ("severity = 1", "L913", UNFIT.format("severity"), "severity"),
        ("[rules]", "L912", "`lint.toml`: there is no table `rules`", "rules"),
        ('[options.L008]\nshortest = "1s"', "L912", "`lint.toml`: there is no option `shortest`", "shortest"),
        (
            '[options.L008]\nlongest = "1 s"',
            "L913",
            UNFIT.format("options.L008.longest"),
            "longest",
        ),
        (
            "[options.L008]\nlongest = 60",
            "L913",
            UNFIT.format("options.L008.longest"),
            "longest",
        ),
        (
            '[options.L012]\naccepted = "RS256"',
            "L913",
            UNFIT.format("options.L012.accepted"),
            "accepted",
        ),
        (
            "[options.L012]\naccepted = [1]",
            "L913",
            UNFIT.format("options.L012.accepted.0"),
            "accepted",
        ),
        (
            "[options.L007]\nfewest = true",
            "L913",
            UNFIT.format("options.L007.fewest"),
            "fewest",
        ),
        (
            "[options.L001]\nx = 1",
            "L912",
            "`lint.toml`: there is no lint rule that has options and the code `L001`",
            "L001",
        ),
        ('[options]\nL008 = "10s"', "L913", UNFIT.format("options.L008"), "L008"),
    ],
)
def test_each_mistake_in_words_and_at_its_place(text: str, code: str, title: str, place: str) -> None:
    read = parsed(text)
    (found,) = read.diagnostics
    assert (found.code, found.title, found.span.file) == (code, title, 7)
    assert text[found.span.start : found.span.end] == place
    assert read.config.severity == {}


def test_what_to_write_instead() -> None:
    assert parsed('[severity]\nL08 = "off"').diagnostics[0].help == ("did you mean `L008`?",)
    assert parsed("[rules]").diagnostics[0].help == ("there is: options, severity",)
    assert parsed("[options.L008]\nlongest = 1").diagnostics[0].labels[0].text == 'write a duration such as "30s"'


def test_a_name_is_looked_for_below_its_own_heading() -> None:
    text = '# L008 is long-leeway\n[options.L008]\nlongest = "1s"\n[severity]\nL008 = "never"\n'
    (found,) = parsed(text).diagnostics
    assert text[: found.span.start].endswith("[severity]\n")


def test_several_mistakes_in_the_order_of_the_file() -> None:
    found = parsed('[severity]\nL8 = "off"\nL009 = "no"\n').diagnostics
    assert [each.code for each in found] == ["L912", "L913"]


def test_text_that_is_no_toml() -> None:
    (found,) = parsed("[severity]\nL008: off\n").diagnostics
    assert found.code == "L911"
    assert found.span.file == 7


def test_no_file_is_no_configuration(tmp_path: Path) -> None:
    assert read_config(tmp_path, RULES, 0) == read_config(None, RULES, 0)


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "lint.toml").write_text('[severity]\nL008 = "off"\n', encoding="utf-8")
    read = read_config(tmp_path, RULES, 3)
    assert read.config.of(LEEWAY) == "off"
    assert read.source is not None
    assert read.source.path == "lint.toml"


@pytest.mark.parametrize("kind", ["dangling", "outside", "folder", "encoding", "size"])
def test_a_file_that_cannot_be_read_stops_the_linter(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "rules"
    root.mkdir()
    target = root / "lint.toml"
    (tmp_path / "elsewhere.toml").write_text("", encoding="utf-8")
    match kind:
        case "dangling":
            target.symlink_to("nowhere.toml")
        case "outside":
            target.symlink_to(tmp_path / "elsewhere.toml")
        case "folder":
            target.mkdir()
        case "encoding":
            target.write_bytes(b"\xff\xff\xff")
        case _:
            target.write_text("#" * 300_000, encoding="utf-8")
    (found,) = read_config(root, RULES, 0).diagnostics
    assert found.code == "L910"
    assert str(tmp_path) not in found.title
