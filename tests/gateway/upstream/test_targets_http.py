"""Whose turn it is among several targets, and what is kept of targets that nobody uses."""

import asyncio
import ssl

import pytest

from gateway.upstream.limits import PoolLimits
from gateway.upstream.ports import Failure
from gateway.upstream.targets_http import Upstreams, verified_tls

ABC = ("http://a", "http://b", "http://c")
NOBODY = frozenset[str]()


@pytest.fixture
async def upstreams() -> Upstreams:
    return Upstreams(asyncio.get_running_loop(), lambda: b"", PoolLimits(aside_seconds=100.0, aside_most_seconds=100.0))


def turn(upstreams: Upstreams, targets: tuple[str, ...], avoid: frozenset[str] = NOBODY) -> str:
    return upstreams.choose(targets, avoid)[0][-1]


async def test_targets_take_turns_for_each_list_of_its_own(upstreams: Upstreams) -> None:
    assert [turn(upstreams, ABC) for _ in range(4)] == ["a", "b", "c", "a"]
    assert [turn(upstreams, ABC[:2]) for _ in range(3)] == ["a", "b", "a"]
    assert turn(upstreams, ABC) == "b"


async def test_one_target_has_one_pool(upstreams: Upstreams) -> None:
    pools = {id(upstreams.choose(targets, NOBODY)[1]) for targets in (ABC[:1], ABC, ABC[:1])}
    assert len(pools) == 1


async def test_what_is_to_be_avoided_is_avoided_while_there_is_another(upstreams: Upstreams) -> None:
    avoid = frozenset({"http://a", "http://b"})
    assert [turn(upstreams, ABC, avoid) for _ in range(3)] == ["c", "c", "c"]
    assert turn(upstreams, ABC[:1], avoid) == "a"


async def test_a_target_that_is_aside_comes_last_and_the_first_to_return_first(upstreams: Upstreams) -> None:
    for url, until in zip(ABC, (300.0, 200.0, 0.0), strict=True):
        upstreams.choose((url,), NOBODY)[1]._aside_until = until and asyncio.get_running_loop().time() + until
    assert [turn(upstreams, ABC) for _ in range(3)] == ["c", "c", "c"]
    assert [turn(upstreams, ABC[:2]) for _ in range(3)] == ["b", "b", "b"]
    assert turn(upstreams, ABC[:1]) == "a", "a single target is always tried"


@pytest.mark.parametrize("url", ["orders:80", "ftp://orders", "http://orders/path"])
async def test_what_is_no_target_is_refused(upstreams: Upstreams, url: str) -> None:
    with pytest.raises(ValueError, match="target"):
        upstreams.choose((url,), NOBODY)


async def test_pools_that_nobody_uses_are_forgotten(upstreams: Upstreams) -> None:
    upstreams.choose(ABC, NOBODY)
    away = upstreams.choose(("http://away",), NOBODY)[1]
    away._failures = 1
    away._aside_until = asyncio.get_running_loop().time()
    assert upstreams._sweep(asyncio.get_running_loop().time() + 1) is False
    assert list(upstreams._pools) == ["http://away"]
    upstreams._sweep(asyncio.get_running_loop().time() + 1000)
    assert upstreams._pools == {}


async def test_turns_are_bounded(upstreams: Upstreams) -> None:
    for number in range(3000):
        upstreams.choose((f"http://h{number}", "http://b"), NOBODY)
    assert len(upstreams._turns) < 1100


@pytest.mark.parametrize("how", ["close", "abort"])
async def test_after_the_end_no_target_is_opened_known_or_not(upstreams: Upstreams, how: str) -> None:
    known = upstreams.choose(ABC[:1], NOBODY)[1]
    getattr(upstreams, how)()
    assert await known.open(1.0) is Failure.SHUT_DOWN
    assert await upstreams.choose(ABC[1:2], NOBODY)[1].open(1.0) is Failure.SHUT_DOWN
    assert upstreams.in_use is False


def test_tls_is_verified_by_default() -> None:
    context = verified_tls()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname is True
