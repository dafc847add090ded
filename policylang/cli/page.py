"""The page of one diagnostic for a terminal: what it means, an example that has it and one that has not."""

from collections.abc import Sequence

import click

from policylang.diagnostics.pages import Page, compiler_pages
from policylang.diagnostics.suggest import did_you_mean


def compiler_page(code: str) -> str:
    """The page of a code that ``check`` prints, such as R204; letters may be small. A usage error for any other."""
    pages = compiler_pages()
    page = _of(pages, code.upper())
    if page is None:
        near = did_you_mean(code.upper(), (page.code for page in pages))
        hint = "" if near is None else f"; did you mean {near}?"
        raise click.UsageError(
            f"no diagnostic has the code {code}: they are {pages[0].code} to {pages[-1].code}{hint}"
            if not code.upper().startswith("L")
            else f"{code} is a rule of the linter: policylang lint --explain {code}"
        )
    return f"{page.code}: {page.title}\n\n{page.text.rstrip()}\n"


def _of(pages: Sequence[Page], code: str) -> Page | None:
    return next((page for page in pages if page.code == code), None)
