"""Every complaint about the linter's own comments says what its page says; pages of rules are judged by test_catalogue."""

import inspect
import re

import pytest

from policylang.linter import errors
from policylang.linter.page import OWN
from policylang.source.spans import NOWHERE
from tests.policylang.linter.linting import linted


def example(page: str, word: str) -> str:
    match = re.search(rf"^{word}::\n\n((?:    .*\n|\n)+)", page + "\n", re.MULTILINE)
    assert match is not None
    return inspect.cleandoc(match[1]) + "\n"


@pytest.mark.parametrize("complaint", [pytest.param(each, id=each.__name__) for each in OWN[:4]])
def test_bad_and_good_examples(complaint: object) -> None:
    page = inspect.getdoc(complaint) or ""
    code = page[:4]
    assert code in {found.code for found in linted(example(page, "Bad")).diagnostics}
    assert code not in {found.code for found in linted(example(page, "Good")).diagnostics}


@pytest.mark.parametrize("complaint", [pytest.param(each, id=each.__name__) for each in OWN])
def test_the_page_begins_with_the_code(complaint: object) -> None:
    page = inspect.getdoc(complaint) or ""
    assert re.match(r"L9\d\d: .*\.$", page.splitlines()[0])


def test_misspelled_codes_are_guessed() -> None:
    for written in ("l008", "L8", "L08", "L0008"):
        assert errors.suppression_of_unknown_code(written, ["L001", "L008"], NOWHERE).help == ("did you mean `L008`?",)
    assert errors.suppression_of_unknown_code("R204", ["L001"], NOWHERE).help == ()


def test_a_comment_is_removed_only_whole() -> None:
    assert errors.suppression_without_effect(["L001"], NOWHERE, NOWHERE).edits
    partly = errors.suppression_without_effect(["L001"], NOWHERE, None)
    assert partly.edits == ()
    assert partly.help == ("take L001 out of the comment",)


def test_configuration_stops_the_linter() -> None:
    assert errors.config_unreadable("permission denied").severity == "error"
    assert errors.config_unfit("`severity.L008`", '"off"', NOWHERE).severity == "error"
    assert "did you mean `L008`?" in errors.config_unknown("rule", "L08", ["L008"], NOWHERE).help
    assert errors.config_unknown("table", "rules", ["options", "severity"], NOWHERE).help == (
        "there is: options, severity",
    )
