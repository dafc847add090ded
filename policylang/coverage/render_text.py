"""Coverage for people: the totals, then file by file each source line with what was never seen of it."""

from collections.abc import Iterator

from policylang.coverage.goal import KINDS
from policylang.coverage.report import Coverage, Gap, Share
from policylang.diagnostics.cells import printable
from policylang.diagnostics.excerpt import Mark, excerpt
from policylang.source.text import SourceText


def render_text(coverage: Coverage, base: str = "") -> str:
    """The report as lines; ``base`` is put before the paths of files."""
    return "\n".join(_lines(coverage, base)) + "\n"


def _lines(coverage: Coverage, base: str) -> Iterator[str]:
    yield f"coverage: {_share(coverage.share)}"
    parts = [f"{KINDS[kind]} {share}" for kind, share in coverage.by_kind().items()]
    if parts:
        yield f"  {', '.join(parts)}"
    gaps = coverage.gaps()
    for file, share in coverage.by_file().items():
        here = [gap for gap in gaps if gap.span.file == file]
        if here:
            source = coverage.tree.files[file]
            yield ""
            yield f"{printable(base + source.path)}: {_share(share)}"
            yield from _listing(source, here)


def _share(share: Share) -> str:
    return f"{share} goals, {share.percent:.1f} %"


def _listing(source: SourceText, gaps: list[Gap]) -> Iterator[str]:
    lines: dict[int, list[Mark]] = {}
    for gap in gaps:
        number, column = source.position(gap.span.start)
        end = min(column - 1 + gap.span.end - gap.span.start, len(source.line(number)))
        words = gap.words if gap.kind == "condition" else f"{gap.text}: {gap.words}"
        lines.setdefault(number, []).append(Mark(column - 1, max(column - 1, end), "^", words))
    width = max(len(str(number)) for number in lines)
    for number in sorted(lines):
        part = excerpt(source, number, tuple(lines[number]))
        yield f"{str(number).rjust(width)} | {part.line}".rstrip()
        for blanks, signs, words in part.rows:
            yield f"{' ' * width} | {blanks}{signs} {printable(words)}"
