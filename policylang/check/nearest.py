"""The name that an author may have meant."""

from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the fewest edits (insert, delete, replace, swap two neighbours), if few enough; ties by name.

    One edit for names of up to four characters, two up to eight, three above.

    >>> nearest("ordrs", ["hooks", "orders"])
    'orders'
    >>> nearest("zebra", ["hooks", "orders"]) is None
    True
    """
    best: str | None = None
    limit = 1 if len(name) <= 4 else 2 if len(name) <= 8 else 3
    for candidate in sorted(candidates):
        if abs(len(candidate) - len(name)) > limit or candidate == name:
            continue
        edits = _edits(name, candidate, limit)
        if edits <= limit:
            best, limit = candidate, edits - 1
    return best


def _edits(left: str, right: str, limit: int) -> int:
    """Optimal string alignment distance, or ``limit + 1`` as soon as it must exceed ``limit``."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, above, row = row, before, [i]
        for j, b in enumerate(right, 1):
            edits = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                edits = min(edits, above[j - 2] + 1)
            row.append(edits)
        if min(row) > limit:
            return limit + 1
    return row[-1]
