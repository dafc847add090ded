"""Revocations: put in force, widened, listed, read, lifted."""

from typing import Any

import pytest

from tests.strategies.admin import IDENTITY, AdminWorld, served

PATH = "/v1/revocations"
BEFORE, SOON = "2026-02-01T11:00:00Z", "2026-02-02T00:00:00Z"


async def test_in_force_and_lifted() -> None:
    async with served(AdminWorld()) as ask:
        made = await ask("POST", PATH, json={"identity": IDENTITY, "issued_before": BEFORE, "expires": SOON})
        assert made.status == 201, made.text
        assert made.body == {
            "revocation": f"identity:{IDENTITY}",
            "version": made.body["version"],
            "identity": IDENTITY,
            "issued_before": BEFORE,
            "created": "2026-02-01T12:00:00Z",
            "expires": SOON,
        }
        path = made.headers["Location"]
        assert path == f"{PATH}/identity:{IDENTITY}"
        read = await ask("GET", path)
        assert (read.body, read.headers["ETag"]) == (made.body, made.headers["ETag"])
        wider = await ask("POST", PATH, json={"identity": IDENTITY})
        assert "issued_before" not in wider.body
        assert (await ask("DELETE", path)).status == 204
        assert [(await ask(method, path)).status for method in ("GET", "DELETE")] == [404, 404]


async def test_a_jti_is_kept_as_a_digest() -> None:
    world = AdminWorld()
    async with served(world) as ask:
        made = await ask("POST", PATH, json={"issuer": "corp", "jti": "b5cf6c2e"})
        assert made.status == 201, made.text
        assert "b5cf6c2e" not in made.text
        assert (made.body["issuer"], made.body["expires"]) == ("corp", "2026-02-02T12:00:00Z")


async def test_a_list_in_pages() -> None:
    world = AdminWorld()
    async with served(world) as ask:
        for number in range(3):
            await ask("POST", PATH, json={"issuer": "corp", "jti": str(number)})
        await ask("POST", PATH, json={"issuer": "corp", "issued_before": BEFORE})
        first = await ask("GET", f"{PATH}?limit=2&prefix=jti:")
        rest = await ask("GET", f"{PATH}?limit=2&prefix=jti:&after={first.body['next']}")
        assert [len(page.body["revocations"]) for page in (first, rest)] == [2, 1]
        assert "next" not in rest.body
        issuers = await ask("GET", f"{PATH}?prefix=issuer:")
        assert [one["revocation"] for one in issuers.body["revocations"]] == ["issuer:corp"]
        await world.records.put("revocation", "issuer:broken", b"[]", 0, None)
        assert (await ask("GET", f"{PATH}?prefix=issuer:b")).body == {
            "revocations": [],
            "unreadable": ["issuer:broken"],
        }


@pytest.mark.parametrize(
    ("body", "status", "pointers"),
    [
        ({"issuer": "nobody", "issued_before": BEFORE}, 422, ["/issuer"]),
        ({"identity": IDENTITY, "issued_before": "2026-02-01T13:00:00Z"}, 422, ["/issued_before"]),
        ({"identity": IDENTITY, "expires": BEFORE}, 422, ["/expires"]),
        ({"identity": IDENTITY, "expires": "2028-01-01T00:00:00Z"}, 422, ["/expires"]),
        ({"issuer": "corp"}, 400, [""]),
        ({"identity": "x"}, 400, ["/identity"]),
        ({"identity": IDENTITY, "issuer": "corp"}, 400, [""]),
        ({}, 400, [""]),
    ],
)
async def test_what_is_no_revocation(body: dict[str, Any], status: int, pointers: list[str]) -> None:
    async with served(AdminWorld()) as ask:
        refused = await ask("POST", PATH, json=body)
        assert (refused.status, refused.pointers) == (status, pointers), refused.text
        assert "nobody" not in refused.text


async def test_there_is_room_for_so_many() -> None:
    async with served(AdminWorld(most=0)) as ask:
        full = await ask("POST", PATH, json={"identity": IDENTITY})
        assert (full.status, full.code) == (409, "full")
        assert "revocations.at_most" in full.body["detail"]
