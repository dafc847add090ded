"""Writes of one turn: in order, by the end of the turn, and never to what was closed."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from gateway.upstream.outbox import AT_MOST, SMALL, Outbox
from tests.strategies.played_transport import PlayedTransport


class Turn:
    """A loop of which only ``call_soon`` is asked; ``end`` is the end of its turn."""

    def __init__(self) -> None:
        self.later: list[object] = []

    def call_soon(self, call: object) -> None:
        self.later.append(call)

    def end(self) -> None:
        calls, self.later = self.later, []
        for call in calls:
            call()  # type: ignore[operator]


def outbox(turn: Turn, at_most: int = AT_MOST) -> Outbox:
    return Outbox(turn, at_most)  # type: ignore[arg-type]


def test_a_small_write_waits_for_the_end_of_the_turn_and_asks_for_it_once() -> None:
    turn, one, other = Turn(), PlayedTransport(), PlayedTransport()
    box = outbox(turn)
    box.write(one, b"a")
    box.write(other, b"b")
    box.write(one, b"c")
    assert (bytes(one.written), bytes(other.written), len(turn.later)) == (b"", b"", 1)
    turn.end()
    assert (bytes(one.written), bytes(other.written), turn.later) == (b"ac", b"b", [])


def test_as_many_as_may_wait_go_at_once_and_so_does_a_large_one() -> None:
    turn, one = Turn(), PlayedTransport()
    box = outbox(turn, 3)
    for _ in range(3):
        box.write(one, b"a")
    assert bytes(one.written) == b"aaa"
    box.write(one, b"b")
    box.write(one, b"x" * (SMALL + 1))
    assert bytes(one.written) == b"aaab" + b"x" * (SMALL + 1)


def test_what_was_closed_meanwhile_gets_nothing_and_the_rest_arrives() -> None:
    turn, one, other = Turn(), PlayedTransport(), PlayedTransport()
    box = outbox(turn)
    box.write(one, b"a")
    box.write(other, b"b")
    one.abort()
    turn.end()
    assert (bytes(one.written), bytes(other.written)) == (b"", b"b")


@given(
    st.lists(st.tuples(st.integers(0, 2), st.binary(min_size=1, max_size=4) | st.just(b"x" * 5000))),
    st.integers(1, 5),
    st.sets(st.integers(0, 30)),
)
def test_each_transport_gets_its_bytes_in_order(writes: list[tuple[int, bytes]], at_most: int, ends: set[int]) -> None:
    turn, transports = Turn(), [PlayedTransport() for _ in range(3)]
    box = outbox(turn, at_most)
    for number, (which, data) in enumerate(writes):
        box.write(transports[which], data)
        if number in ends:
            turn.end()
    turn.end()
    for which, transport in enumerate(transports):
        assert bytes(transport.written) == b"".join(data for to, data in writes if to == which)


async def test_a_loop_ends_its_turns() -> None:
    one = PlayedTransport()
    Outbox(asyncio.get_running_loop()).write(one, b"a")
    await asyncio.sleep(0)
    assert bytes(one.written) == b"a"
