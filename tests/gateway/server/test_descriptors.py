"""File descriptors are compared with what the limits want, and the warning says what to do."""

import pytest

from gateway.server.descriptors import SPARE, shortage


@pytest.mark.parametrize(("soft", "hard"), [(1000 + SPARE, 1000 + SPARE), (100_000, -1), (-1, -1)])
def test_nothing_is_said_where_all_fit(soft: int, hard: int) -> None:
    assert shortage(soft, hard, 900, 100) is None


def test_what_is_needed_what_there_is_and_both_ways_out_are_said() -> None:
    said = shortage(1024, 1_048_576, 8192, 512)
    assert said is not None
    needed = 8192 + 512 + SPARE
    for words in (
        f"ulimit -n {needed}",
        f"LimitNOFILE={needed}",
        "open 1024",
        f"wire.connections to {1024 - 512 - SPARE} ",
    ):
        assert words in said
    assert "the hard limit allows that" in said
    assert shortage(1024 - 512 - SPARE + 512 + SPARE, -1, 1024 - 512 - SPARE, 512) is None, "the advice is enough"


def test_a_hard_limit_that_is_too_low_is_said() -> None:
    assert "the hard limit is 4096: raise it as well" in str(shortage(1024, 4096, 8192, 512))


def test_the_advice_is_a_number_that_the_setting_takes() -> None:
    assert "wire.connections to 1 or less" in str(shortage(256, -1, 8192, 512))
