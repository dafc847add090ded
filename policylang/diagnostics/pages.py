"""Pages: what a code means, for the docs and for SARIF. Those of the compiler are the docstrings of its constructors."""

import ast
import inspect
import re
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from policylang.diagnostics.model import Severity

_PACKAGE = Path(__file__).resolve().parent.parent
_HEAD = re.compile(r"(R\d{3}): (.+?)(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Page:
    """``title`` is a sentence without its full stop, ``text`` Markdown; ``name`` is for people and may be the code."""

    code: str
    name: str
    title: str
    text: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Complaint:
    """One diagnostic as its constructor's docstring tells it; ``text`` is as written there."""

    code: str
    title: str
    text: str


@cache
def complaints() -> tuple[Complaint, ...]:
    """Every diagnostic of the compiler, by code; two constructors of one code are told under one heading.

    They are read from the source files and not imported, so that the lowest layer knows the pages of the highest.
    """
    found: dict[str, Complaint] = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        if "error" not in path.stem:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            page = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
            match = _HEAD.match(page or "")
            if match is not None and page is not None:
                first = found.get(match[1])
                text = page[match.end() :].strip()
                title = match[2].rstrip(".") if first is None else first.title
                before = "" if first is None else f"{first.text}\n\n"
                found[match[1]] = Complaint(match[1], title, before + text)
    return tuple(found[code] for code in sorted(found))


def examples(text: str) -> str:
    """Docstring markup as Markdown: ``Bad::`` with an indented block is a fence, double backticks are single ones."""
    out: list[str] = []
    blocks = re.split(r"^(Bad|Good)::\n\n", inspect.cleandoc(text), flags=re.MULTILINE)
    out.append(blocks[0])
    for word, rest in zip(blocks[1::2], blocks[2::2], strict=True):
        lines = rest.split("\n")
        count = next((i for i, line in enumerate(lines) if line and not line.startswith("    ")), len(lines))
        code = textwrap.dedent("\n".join(lines[:count])).strip("\n")
        out.append(f"{word}:\n\n```rules\n{code}\n```\n\n" + "\n".join(lines[count:]))
    return "\n".join(part if "```" in part else part.replace("``", "`") for part in out)


def compiler_pages() -> tuple[Page, ...]:
    """The pages of the compiler's diagnostics, by code."""
    return tuple(
        Page(each.code, each.code, each.title, examples(each.text).strip() + "\n", "error") for each in complaints()
    )
