"""The echo service answers with what arrived."""

import pytest
from aiohttp import ClientSession
from yarl import URL


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
async def test_the_request_as_it_arrived(session: ClientSession, echo: str, method: str) -> None:
    headers = {"X-Z": "1", "x-a": "2", "X_b": "é"}
    url = URL(f"{echo}/a%2Fb/%C3%A9?x=1&y", encoded=True)
    async with session.request(method, url, headers=headers, data=b"12345") as answer:
        seen = await answer.json()
        assert answer.headers["X-Internal-Host"] == "echo-1"
    assert (answer.status, seen["method"], seen["path"], seen["body_bytes"]) == (200, method, "/a%2Fb/%C3%A9?x=1&y", 5)
    pairs = [(name, value) for name, value in seen["headers"] if name in headers]
    assert pairs == [("X-Z", "1"), ("x-a", "2"), ("X_b", "é".encode().decode("latin-1"))]


async def test_a_request_without_a_body(session: ClientSession, echo: str) -> None:
    async with session.get(echo) as answer:
        assert (await answer.json())["body_bytes"] == 0
