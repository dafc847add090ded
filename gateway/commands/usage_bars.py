"""Bars and sparklines of characters: eighths of blocks where the terminal has them, plain ASCII where not."""

from collections.abc import Sequence
from itertools import pairwise

EIGHTHS = " ▏▎▍▌▋▊▉█"
HEIGHTS = " ▁▂▃▄▅▆▇█"
ASCII_HEIGHTS = " .:-=+*#%"


def bar(value: int, most: int, width: int, blocks: str = EIGHTHS) -> str:
    """A bar of up to ``width`` characters; what is not nothing is seen.

    >>> bar(5, 10, 4), bar(1, 1000, 4), bar(0, 10, 4)
    ('██', '▏', '')
    """
    if value <= 0 or most <= 0:
        return ""
    eighths = max(1, round(8 * width * value / most))
    return "█" * (eighths // 8) + blocks[eighths % 8].strip()


def ascii_bar(value: int, most: int, width: int) -> str:
    """The same without blocks.

    >>> ascii_bar(5, 10, 4), ascii_bar(1, 1000, 4)
    ('##', '#')
    """
    return "#" * max(1, round(width * value / most)) if value > 0 and most > 0 else ""


def sparkline(values: Sequence[int], width: int, heights: str = HEIGHTS) -> str:
    """One character for each value, or for as many as come together when there are more than ``width``.

    >>> sparkline([0, 1, 4, 8], 10), sparkline([1, 1, 8, 8], 2, ASCII_HEIGHTS)
    (' ▁▄█', '.%')
    """
    if len(values) > width > 0:
        bounds = [len(values) * number // width for number in range(width + 1)]
        values = [sum(values[low:high]) for low, high in pairwise(bounds)]
    most = max(values, default=0)
    steps = len(heights) - 1
    return "".join(heights[0 if value <= 0 else max(1, round(steps * value / most))] for value in values)
