"""The share of bodies on their way: some lines stay free wherever there is more than one."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.upstream.limits import PoolLimits


@given(st.integers(2, 65_536))
def test_bodies_on_their_way_leave_a_line_and_have_one(connections: int) -> None:
    assert 1 <= PoolLimits(connections=connections).uploads < connections


def test_a_single_line_may_carry_a_body() -> None:
    assert PoolLimits(connections=1).uploads == 1
