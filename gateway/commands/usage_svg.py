"""Usage as an SVG chart: stacked columns over time, or bars for the top identities; no script, readable by machines too.

Colours are Okabe and Ito's, told apart by colour-blind people; text follows the reader's light or dark scheme. Every
column says its figures in a title, and the picture has a title and a description.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from xml.sax.saxutils import escape

from gateway.commands.usage_view import View

WIDTH, HEIGHT = 860, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 56, 44
COLORS = ("#0072b2", "#e69f00", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#8c8c8c")
LABELS_AT_MOST = 8
BAR_HEIGHT = 24
NAME_WIDTH = 280

STYLE = """<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 15px; font-weight: 600; }
.axis { stroke: #8c959f; stroke-width: 1; }
.grid { stroke: #d0d7de; stroke-width: 1; }
.paper { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .axis { stroke: #768390; } .grid { stroke: #373e47; } .paper { fill: #0d1117; }
}
</style>"""


def to_svg(view: View) -> str:
    """The picture of a view that has lines."""
    height, parts = _columns(view) if view.series else _bars(view)
    return "\n".join(
        (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
                ' role="img" aria-labelledby="title description">'
            ),
            f'<title id="title">{escape(view.title)}</title>',
            f'<desc id="description">{escape(_description(view))}</desc>',
            STYLE,
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
            _text(LEFT, 22, view.title, "title"),
            *parts,
            "</svg>",
            "",
        )
    )


def nice(most: int) -> int:
    """The top of an axis: the least of 1, 2, 5 and their tens that is not below ``most``, and 4 at least.

    >>> [nice(value) for value in (0, 3, 7, 12, 430, 1001)]
    [4, 4, 10, 20, 500, 2000]
    """
    if most <= 4:
        return 4
    ten = int(10 ** (len(str(most)) - 1))
    return next(ten * step for step in (1, 2, 5, 10) if ten * step >= most)


def _columns(view: View) -> tuple[int, list[str]]:
    plot_width, plot_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    base = HEIGHT - BOTTOM
    top = nice(max(map(sum, zip(*(values for _, values in view.series), strict=True)), default=0))
    step = plot_width / len(view.times)
    parts = [*_grid(top, plot_height), *_legend([name for name, _ in view.series])]
    for number, time in enumerate(view.times):
        left, below = LEFT + number * step + step * 0.1, 0
        stack = []
        for index, (_, values) in enumerate(view.series):
            if values[number]:
                y, height = base - plot_height * (below + values[number]) / top, plot_height * values[number] / top
                stack.append(
                    f'<rect x="{left:.1f}" y="{y:.1f}" width="{step * 0.8:.1f}" height="{height:.1f}" fill="{_color(index)}"/>'
                )
                below += values[number]
        if stack:
            said = "; ".join(f"{name} {values[number]:,}" for name, values in view.series if values[number])
            parts.append(f"<g><title>{escape(f'{time}: {said}')}</title>{''.join(stack)}</g>")
    every = ceil(len(view.times) / LABELS_AT_MOST)
    for number in range(0, len(view.times), every):
        label = view.times[number] if view.by == "day" else view.times[number][5:]
        parts.append(_text(LEFT + number * step + step / 2, base + 18, label, "", "middle" if number else "start"))
    parts.append(f'<line class="axis" x1="{LEFT}" y1="{base}" x2="{WIDTH - RIGHT}" y2="{base}"/>')
    parts.append(_text(WIDTH - RIGHT, HEIGHT - 8, f"{view.by}s of UTC", "", "end"))
    return HEIGHT, parts


def _bars(view: View) -> tuple[int, list[str]]:
    most = max(int(line.figures["requests"]) for line in view.lines)
    room = WIDTH - LEFT - NAME_WIDTH - RIGHT - 70
    parts: list[str] = [_text(LEFT + NAME_WIDTH, 44, "requests")]
    for number, line in enumerate(view.lines):
        y, requests = TOP + number * BAR_HEIGHT, int(line.figures["requests"])
        width = max(1.0, room * requests / max(most, 1))
        parts += [
            _text(LEFT, y + 14, line.title),
            (
                f'<rect x="{LEFT + NAME_WIDTH}" y="{y + 2}" width="{width:.1f}" height="{BAR_HEIGHT - 8}" fill="{COLORS[0]}">'
                f"<title>{escape(f'{line.title}: {requests:,} requests')}</title></rect>"
            ),
            _text(LEFT + NAME_WIDTH + width + 6, y + 14, f"{requests:,}"),
        ]
    return TOP + len(view.lines) * BAR_HEIGHT + 16, parts


def _grid(top: int, plot_height: int) -> Iterator[str]:
    yield _text(LEFT - 8, 44, "requests", "", "end")
    for quarter in range(5):
        y = HEIGHT - BOTTOM - plot_height * quarter / 4
        yield f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>'
        yield _text(LEFT - 8, y + 4, f"{top * quarter / 4:,.10g}", "", "end")


def _legend(names: Sequence[str]) -> Iterator[str]:
    x = float(LEFT)
    for index, name in enumerate(names):
        shown = name if len(name) <= 24 else f"{name[:23]}…"
        yield f'<rect x="{x:.0f}" y="34" width="11" height="11" fill="{_color(index)}"/>'
        yield _text(x + 16, 44, shown)
        x += 32 + 7 * len(shown)


def _color(index: int) -> str:
    return COLORS[index % len(COLORS)]


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _description(view: View) -> str:
    total = view.total
    shares = [f"{name} {sum(values):,}" for name, values in view.series]
    shares = shares or [f"{line.title} {int(line.figures['requests']):,}" for line in view.lines]
    return f"{total['requests']:,} requests: {', '.join(shares)}."
