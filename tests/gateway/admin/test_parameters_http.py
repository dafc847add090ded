"""Parameters: once, of their types, with defaults; and no others."""

import pytest

from tests.strategies.admin import IDENTITY, AdminWorld, served


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("who=1", ["/query"]),
        ("limit=1&limit=1", ["/query/limit"]),
        ("limit=", ["/query/limit"]),
        ("limit=1.0", ["/query/limit"]),
        ("limit=%2B1", ["/query/limit"]),
        ("limit=99999999999999999999", ["/query/limit"]),
        ("limit=-1&prefix=Z", ["/query/prefix", "/query/limit"]),
    ],
)
async def test_what_is_refused(query: str, pointers: list[str]) -> None:
    async with served(AdminWorld()) as ask:
        refused = await ask("GET", f"/v1/identities?{query}")
        assert (refused.status, refused.pointers) == (400, pointers)


async def test_names_that_are_known_are_told() -> None:
    async with served(AdminWorld()) as ask:
        assert "known are after, limit, prefix" in (await ask("GET", "/v1/identities?who=1")).text
        assert "there are none here" in (await ask("GET", "/v1/store?who=1")).text


async def test_headers_once_and_paths_decoded() -> None:
    async with served(AdminWorld()) as ask:
        await ask("PUT", f"/v1/identities/{IDENTITY}", json={"metadata": {}})
        assert (await ask("GET", f"/v1/identities/%34{IDENTITY[1:]}")).body["identity"] == IDENTITY
        for bad in ("x", IDENTITY.upper(), f"{IDENTITY}%0A", "%00"):
            assert (await ask("GET", f"/v1/identities/{bad}")).pointers == ["/path/identity"], bad
