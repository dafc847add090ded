"""The wire is travelled on both event loops: their transports differ where it matters (abort, pause, reset, TLS)."""

import asyncio
from collections.abc import Callable

import pytest
import uvloop

# What is judged here is parsed from bytes, whichever loop they came by.
ON_ONE_LOOP = frozenset({
    "test_a_broken_answer_is_502_and_its_connection_is_closed",
    "test_the_fields_of_an_answer",
    "test_an_empty_body_is_told_as_it_was",
})  # fmt: skip


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    both: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
        "uvloop": uvloop.new_event_loop,
        "asyncio": asyncio.new_event_loop,
    }
    if getattr(item, "originalname", item.name) in ON_ONE_LOOP:
        del both["asyncio"]
    return both
