"""A log-linear histogram of microseconds: four buckets to each power of two, counted sparsely by bucket number.

A bucket is a quarter as wide as it is high, and stands for its middle: no value is told more than 12.5 % wrong.
"""

from collections.abc import Mapping, Sequence

LONGEST = (1 << 37) - 1
"""A day and a half. What takes longer is counted as this."""


def bucket(micros: int) -> int:
    """The bucket of a value; below 8, each value has its own.

    >>> [bucket(micros) for micros in (0, 7, 8, 9, 10, 1_000_000)]
    [0, 7, 8, 8, 9, 75]
    """
    if micros < 4:
        return max(0, micros)
    value = min(micros, LONGEST)
    shift = value.bit_length() - 3
    return 4 * (shift + 1) + (value >> shift & 3)


def middle(number: int) -> int:
    """The value that a bucket stands for.

    >>> [middle(number) for number in (0, 7, 8, 75)]
    [0, 7, 8, 983039]
    """
    if number < 4:
        return number
    shift = number // 4 - 1
    return (4 + number % 4 << shift) + ((1 << shift) - 1) // 2


def quantiles(counts: Mapping[int, int], wanted: Sequence[float]) -> list[int]:
    """The values at these quantiles (0 to 1, ascending) of what was counted, which must not be nothing.

    The quantile q of n values is the smallest that at least q times n of them do not exceed.

    >>> quantiles({4: 90, 20: 10}, [0.5, 0.9, 0.91])
    [4, 4, 71]
    """
    total = sum(counts.values())
    found: list[int] = []
    passed = 0
    for number in sorted(counts):
        passed += counts[number]
        while len(found) < len(wanted) and passed >= wanted[len(found)] * total:
            found.append(middle(number))
    return found
