"""What connections leave behind is swept where they were made."""

import gc
import warnings
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """asyncio leaves the transport of a TLS handshake that was given up to the collector, which then warns of it in whichever
    test comes next. On a busy machine handshakes are given up that no test meant to."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
