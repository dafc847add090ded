from policylang.diagnostics.environment_errors import environment_troubles
from policylang.source.environment import Environment, parse_environment
from policylang.source.spans import Span
from policylang.source.trouble import Trouble


def lost(kind: str, *known: str, reason: str = "") -> Environment:
    return Environment("prd", "env/prd.toml", troubles=(Trouble(kind, "env/prd.toml", reason=reason),), known=known)  # type: ignore[arg-type]


def test_an_unknown_environment_suggests_one() -> None:
    (found,) = environment_troubles(lost("system", "dev", "prod", reason="no such file or directory"), 3)
    assert found.code == "R714"
    assert found.title == "the environment `env/prd.toml` cannot be read: no such file or directory"
    assert found.help == ("did you mean `prod`?",)
    assert found.span == Span(3, 0, 0)
    (found,) = environment_troubles(lost("system", "alpha", "beta"), 3)
    assert found.help == ("the environments here are: alpha, beta",)
    (found,) = environment_troubles(lost("system"), 3)
    assert found.help == ()


def test_names_and_rules_without_a_directory() -> None:
    (found,) = environment_troubles(lost("name"), 3)
    assert (found.code, "a name is made of" in found.title) == ("R714", True)
    (found,) = environment_troubles(lost("rootless"), 3)
    assert "no directory" in found.title


def test_other_troubles_are_those_of_any_file() -> None:
    assert [environment_troubles(lost(kind), 3)[0].code for kind in ("encoding", "size", "outside", "irregular")] == [
        "R711", "R708", "R706", "R707",
    ]  # fmt: skip


def test_places_are_in_the_file_of_the_environment() -> None:
    (found,) = environment_troubles(parse_environment("prod", "a = 1\nb: 2\n"), 5)
    assert (found.code, found.span) == ("R715", Span(5, 7, 7))
    assert found.labels[0].text


def test_each_unfit_value_is_a_complaint_with_its_kind() -> None:
    found = environment_troubles(parse_environment("prod", "a = true\nb = ['hunter2']\n"), 0)
    assert [(d.code, d.span) for d in found] == [("R716", Span(0, 0, 1)), ("R716", Span(0, 9, 10))]
    assert found[1].title == "`b` is an array, and a setting is a text or an integer"
    assert "hunter2" not in repr(found)
