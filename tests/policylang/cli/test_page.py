"""Pages in the terminal: every code that the compiler can print has one."""

import click
import pytest

from policylang.cli.page import compiler_page
from policylang.diagnostics.pages import complaints


def test_every_code_has_a_page_with_what_to_write_instead() -> None:
    for complaint in complaints():
        page = compiler_page(complaint.code)
        assert page.startswith(f"{complaint.code}: {complaint.title}\n\n")
        assert page.endswith("\n")


def test_a_code_in_small_letters() -> None:
    assert compiler_page("r204") == compiler_page("R204")


@pytest.mark.parametrize("code", ["", "204", "R9999", "L001", "R204\n"])
def test_what_is_no_code(code: str) -> None:
    with pytest.raises(click.UsageError):
        compiler_page(code)
