"""The Date line changes with the second, and with nothing else."""

from gateway.upstream.date_line import DateLine

NOON = 784_111_777_000_000


def test_the_date_of_rfc_9110() -> None:
    assert DateLine(lambda: NOON)() == b"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"


def test_one_line_for_each_second() -> None:
    times = iter([NOON, NOON + 999_999, NOON + 1_000_000])
    line = DateLine(lambda: next(times))
    first, same, next_second = line(), line(), line()
    assert first is same
    assert next_second == b"Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n"


def test_a_clock_that_goes_back_is_believed() -> None:
    times = iter([NOON, NOON - 1_000_000])
    line = DateLine(lambda: next(times))
    assert (line()[-14:], line()[-14:]) == (b" 08:49:37 GMT\r\n"[-14:], b" 08:49:36 GMT\r\n"[-14:])
