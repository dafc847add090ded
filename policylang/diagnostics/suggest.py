"""Did you mean: the word that an author may have meant."""

from collections.abc import Iterable


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate nearest to ``word``, if it is near enough to be a slip; of equally near ones the first by name.

    Near is one edit for words of up to four characters, two up to eight, three above; an edit inserts, deletes or
    replaces a character or swaps two neighbours. A candidate equal to ``word`` is no suggestion.

    >>> did_you_mean("ordrs", ["hooks", "orders"])
    'orders'
    >>> did_you_mean("zebra", ["hooks", "orders"]) is None
    True
    """
    if len(word) > 64:
        return None
    best: str | None = None
    limit = 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3
    for candidate in sorted(set(candidates)):
        if candidate == word or abs(len(candidate) - len(word)) > limit:
            continue
        distance = _distance(word, candidate, limit)
        if distance <= limit:
            best, limit = candidate, distance - 1
    return best


def _distance(left: str, right: str, limit: int) -> int:
    """Edits between two words (optimal string alignment), or anything above ``limit`` once it is exceeded."""
    older: list[int] = []
    above = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            edits = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                edits = min(edits, older[j - 2] + 1)
            row.append(edits)
        if min(row) > limit:
            return limit + 1
        older, above = above, row
    return above[-1]
