"""Where generated code comes from: a listing of each cell that tracebacks and profilers can show, line by line.

A line of the listing is one statement, with the rule's name, file and line behind it. The listing is made when somebody
reads it: ``linecache`` holds no text until then.
"""

import ast
import linecache
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType
from typing import overload

from policylang.plan.model import Plan

Places = Mapping[ast.stmt, int]
"""The position of the declaration that a statement comes from, or -1."""

INDENT = "    "


def number(function: ast.FunctionDef, first_line: int) -> int:
    """Give each statement of a function a line of its own, as in ``listing``; the line after the last."""
    return _number([function], first_line)


def compile_function(function: ast.FunctionDef, filename: str) -> CodeType:
    """The code of a module that defines a numbered function."""
    return compile(ast.Module([function], []), filename, "exec", dont_inherit=True)


def _number(statements: Sequence[ast.stmt], line: int) -> int:
    for statement in statements:
        _place(statement, line)
        line += 1
        for body in _bodies(statement):
            line = _number(body, line)
    return line


def _place(statement: ast.stmt, line: int) -> None:
    """Put a statement and its expressions, but no statement inside it, on a line."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        held = list(vars(node).values())
        if isinstance(node, _LOCATED):
            node.lineno = node.end_lineno = line
            node.col_offset = node.end_col_offset = 0
        for value in held:
            if isinstance(value, list):
                waiting.extend(item for item in value if isinstance(item, _HOLDERS))
            elif isinstance(value, _HOLDERS):
                waiting.append(value)


_LOCATED = (ast.expr, ast.stmt, ast.arg, ast.keyword)
_HOLDERS = (ast.expr, ast.arg, ast.arguments, ast.keyword)
"""What stands on a line with its statement; operators and contexts have no place."""


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    if isinstance(statement, ast.FunctionDef | ast.If | ast.While):
        yield statement.body
    if isinstance(statement, ast.If) and statement.orelse:
        # The line of "else:" is that of its first statement.
        yield statement.orelse


def listing(functions: Sequence[ast.FunctionDef], places: Places, plan: Plan) -> list[str]:
    """The lines of a cell's numbered functions, each with its line feed."""
    names = {rule.at: f"{rule.effect} {rule.name}" for rule in plan.rules}
    lines: list[str] = []

    def write(statement: ast.stmt, indent: str, at: int, lead: str) -> None:
        at = places.get(statement, -1) if places.get(statement, -1) != -1 else at
        lines.append(f"{indent}{lead}{_head(statement)}{_comment(plan, names, at)}\n")
        for number, body in enumerate(_bodies(statement)):
            for inner in body:
                write(inner, indent + INDENT, at, "else: " if number == 1 and inner is body[0] else "")

    for function in functions:
        write(function, "", -1, "")
    return lines


def _head(statement: ast.stmt) -> str:
    match statement:
        case ast.FunctionDef():
            return f"def {statement.name}({', '.join(arg.arg for arg in statement.args.args)}):"
        case ast.If():
            return f"if {ast.unparse(statement.test)}:"
        case ast.While():
            return f"while {ast.unparse(statement.test)}:"
        case _:
            return ast.unparse(statement)


def _comment(plan: Plan, names: Mapping[int, str], at: int) -> str:
    if not 0 <= at < len(plan.positions):
        return ""
    position = plan.positions[at]
    # A path is the author's: what could end the line or colour a terminal is shown escaped.
    path = plan.files[position.file].path.encode("unicode_escape").decode("ascii")
    what = f"{names[at]}, " if at in names else ""
    return f"  # {what}{path}:{position.line}"


class Listing(Sequence[str]):
    """The lines of a listing, made when they are first read. Compares by identity."""

    def __init__(self, make: Callable[[], list[str]]) -> None:
        self._make = make
        self._lines: list[str] | None = None

    def _read(self) -> list[str]:
        if self._lines is None:
            self._lines = self._make()
        return self._lines

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        return self._read()[index]


def register(filename: str, lines: Listing) -> None:
    """Let tracebacks show the listing under the name that the code was compiled with."""
    # Without a modification time, linecache never looks for a file of this name.
    linecache.cache[filename] = (1, None, lines, filename)  # type: ignore[assignment]  # any sequence of lines is read


def unregister(filename: str, lines: Listing) -> None:
    """Take the listing out, unless another one has taken its name since."""
    entry: tuple[object, ...] = linecache.cache.get(filename, ())
    if lines in entry:
        del linecache.cache[filename]
