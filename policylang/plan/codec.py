"""Plans to canonical JSON and back. Reading is total: any bytes give a plan or a ``PlanRefused``, and nothing else.

Law of this file: nothing is believed because it is signed or because this program wrote it: every line is compared with
its canonical form, every value with its type, every index with its table, and both digests are taken again.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any, get_args, get_type_hints

from policylang.plan import layout
from policylang.plan.fields import Reader, or_null, stepping
from policylang.plan.leaves import choice, identifier, integer
from policylang.plan.model import FORMAT, Metadata, Plan, Position
from policylang.plan.references import References
from policylang.plan.refused import PlanRefused
from policylang.plan.shapes import digest, readers
from policylang.plan.steps import STRIDE, Pace, Steps, run

LANGUAGES = (1,)
"""The versions of the rules language whose plans are understood."""

_MEMBER = re.compile(rb'"([^"\\]*)":')
_ROW = rb"\[(?:0|[1-9]\d{0,8})(?:,[1-9]\d{0,8}){4}\]"
_ROWS = re.compile(rb"(?:%b,\n)+" % _ROW)
_LAST_ROWS = re.compile(rb"(?:(?:%b,\n)*%b\n)?" % (_ROW, _ROW))
_READERS = readers()


def encode(plan: Plan) -> bytes:
    """The canonical document of a plan, digests as they stand in it."""
    return b"".join(encode_lines(plan))


def encode_lines(plan: Plan) -> Iterator[bytes]:
    """The lines of ``encode``, each with its line feed."""
    yield b"{\n"
    for member in layout.MEMBERS:
        yield from _member_lines(plan, member)
    yield b"}\n"


def digested(plan: Plan) -> Plan:
    """The plan with both digests taken from its own content."""
    return documented(plan)[0]


def documented(plan: Plan) -> tuple[Plan, bytes]:
    """The plan with both digests taken from its own content, and its document: what ``encode`` makes of it."""
    parts = {member: b"".join(_member_lines(plan, member)) for member in layout.MEMBERS}
    plan = replace(plan, semantic=_digests(parts).semantic)
    parts["semantic"] = b"".join(_member_lines(plan, "semantic"))
    plan = replace(plan, whole=_digests(parts).whole)
    parts["whole"] = b"".join(_member_lines(plan, "whole"))
    return plan, b"".join((b"{\n", *parts.values(), b"}\n"))


def decode(data: bytes) -> Plan:
    """The plan in a document.

    Raises:
        PlanRefused: it is not a canonical plan of this format, complete and consistent.
    """
    return run(decode_steps(BytesIO(data)))


def decode_steps(lines: Iterable[bytes]) -> Steps[Plan]:
    """As ``decode``, giving way every few hundred nodes; ``lines`` end in a line feed, as those of a file do."""
    document = _Document(iter(lines))
    values: dict[str, Any] = {}
    document.expect(b"{\n", "")
    semantic = whole = ""
    for member in layout.MEMBERS:
        if member == "whole":
            semantic, whole = document.digests.semantic, document.digests.whole
        document.digests.member(member)
        if member == "positions":
            values[member] = yield from document.positions()
        elif member in layout.TABLES:
            values[member] = yield from document.table(member)
        else:
            values[member] = yield from document.scalar(member)
    document.expect(b"}\n", "")
    document.end()
    if values["semantic"] != semantic:
        raise PlanRefused("/semantic", "not the digest of this plan's meaning")
    if values["whole"] != whole:
        raise PlanRefused("/whole", "not the digest of this plan")
    plan = Plan(**values)
    yield from References(plan).steps()
    return plan


def _digests(parts: Mapping[str, bytes]) -> layout.Digests:
    digests = layout.Digests()
    digests.line(b"{\n")
    for member in layout.MEMBERS[:-1]:
        digests.member(member)
        digests.line(parts[member])
    return digests


def _member_lines(plan: Plan, member: str) -> Iterator[bytes]:
    end = b"\n" if member == layout.MEMBERS[-1] else b",\n"
    value = getattr(plan, member)
    if member not in layout.TABLES:
        yield f'"{member}":{layout.element(value)}'.encode() + end
        return
    yield f'"{member}":[\n'.encode()
    last = len(value) - 1
    for i, element in enumerate(value):
        yield layout.element(element).encode() + (b"\n" if i == last else b",\n")
    yield b"]" + end


class _Document:
    """The lines of a document, taken one by one and hashed as they pass."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._pace = Pace()
        self.digests = layout.Digests()

    def _next(self) -> bytes:
        line = next(self._lines, b"")
        if not line.endswith(b"\n"):
            raise PlanRefused("", "ends before it is complete")
        self.digests.line(line)
        return line

    def expect(self, line: bytes, where: str) -> None:
        """The next line is this one."""
        found = self._next()
        if found != line:
            raise PlanRefused(where, _unexpected(found, line))

    def end(self) -> None:
        """No line follows."""
        if next(self._lines, b""):
            raise PlanRefused("", "goes on after its end")

    def scalar(self, member: str) -> Steps[Any]:
        """The value of a member that stands on one line."""
        line = self._next()
        start = f'"{member}":'.encode()
        end = b"\n" if member == layout.MEMBERS[-1] else b",\n"
        if not (line.startswith(start) and line.endswith(end)):
            raise PlanRefused("", _unexpected(line, start))
        try:
            return (yield from _SCALARS[member](_json(line[len(start) : -len(end)]), self._pace))
        except PlanRefused as refused:
            raise refused.within(member) from None

    def table(self, member: str) -> Steps[tuple[Any, ...]]:
        """The elements of a table."""
        self.expect(f'"{member}":[\n'.encode(), "")
        read = _ELEMENTS[member]
        out: list[Any] = []
        more = False
        while (line := self._next()) != b"],\n":
            if out and not more:
                raise PlanRefused(f"/{member}/{len(out)}", "no comma before it")
            more = line.endswith(b",\n")
            try:
                out.append((yield from read(line[:-2] if more else line[:-1], self._pace)))
            except PlanRefused as refused:
                raise refused.within(len(out)).within(member) from None
        if more:
            raise PlanRefused(f"/{member}/{len(out)}", "a comma after the last element")
        return tuple(out)

    def positions(self) -> Steps[tuple[Position, ...]]:
        """The positions: more of them than of anything else, so their one spelling is matched many lines at a time."""
        self.expect(b'"positions":[\n', "")
        out: list[Position] = []
        lines: list[bytes] = []
        for line in self._lines:
            if line == b"],\n":
                out += self._rows(lines, _LAST_ROWS, len(out))
                self.digests.line(line)
                return tuple(out)
            if len(lines) == STRIDE:
                out += self._rows(lines, _ROWS, len(out))
                lines = []
                yield
            lines.append(line)
        raise PlanRefused("", "ends before it is complete")

    def _rows(self, lines: list[bytes], wanted: re.Pattern[bytes], first: int) -> list[Position]:
        text = b"".join(lines)
        if wanted.fullmatch(text) is None:
            bad = next((i for i, line in enumerate(lines[:-1]) if _ROWS.fullmatch(line) is None), len(lines) - 1)
            what = "not an array of file, line, column, end line and end column, a comma between two of them"
            raise PlanRefused(f"/positions/{first + bad}", what)
        self.digests.line(text)
        return [Position(*row) for row in json.loads(b"[%b]" % text.rstrip(b",\n"))]


def _unexpected(found: bytes, expected: bytes) -> str:
    """What to say of a line that is not the expected one."""
    there, wanted = _MEMBER.match(found), _MEMBER.match(expected)
    if there is None or wanted is None:
        return "not laid out as a canonical plan"
    if there[1].decode(errors="replace") not in layout.MEMBERS:
        return "a member that is not known here"
    if there[1] == wanted[1]:
        return f"the member {wanted[1].decode()} is not laid out as a canonical plan's"
    if there[1] < wanted[1]:
        return f"the member {there[1].decode()} twice, or out of order"
    return f"without the member {wanted[1].decode()}"


def _json(line: bytes) -> object:
    """A JSON value, refused unless the line is its canonical text."""
    try:
        text = line.decode()
        value: object = json.loads(text)
        same = layout.canonical(value) == text
    except (ValueError, RecursionError):
        raise PlanRefused("", "not JSON in UTF-8, or nested too deep") from None
    if not same:
        json.loads(text, object_pairs_hook=_once)
        raise PlanRefused("", "not in canonical form")
    return value


def _once(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise PlanRefused("", "a member twice")


LineReader = Callable[[bytes, Pace], Steps[Any]]


def _parsed(read: Reader) -> LineReader:
    return lambda line, pace: read(_json(line), pace)


_SCALARS: Mapping[str, Reader] = {
    "format": stepping(choice((FORMAT,))),
    "language": stepping(integer(min(LANGUAGES), max(LANGUAGES))),
    "metadata": or_null(_READERS.of(Metadata)),
    "semantic": stepping(digest),
    "whole": stepping(digest),
}
_ITEMS = {member: get_args(hint)[0] for member, hint in get_type_hints(Plan).items() if member in layout.TABLES}
_ELEMENTS: Mapping[str, LineReader] = {
    **{member: _parsed(_READERS.of(item)) for member, item in _ITEMS.items() if item not in (str, Position)},
    "secrets": _parsed(stepping(identifier)),
}
