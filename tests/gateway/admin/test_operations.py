"""The API put together: it serves the document that it is checked against."""

from gateway.admin.document import read_document
from tests.strategies.admin import CREDENTIAL, IDENTITY_KEY, AdminWorld, served


async def test_it_serves_its_document() -> None:
    async with served(AdminWorld()) as ask:
        seen = await ask("GET", "/v1/openapi.json")
        assert (seen.status, seen.headers["Content-Type"]) == (200, "application/json")
        assert seen.body == read_document().content


def test_secrets_are_in_no_representation() -> None:
    shown = repr(AdminWorld().api())
    assert CREDENTIAL not in shown
    assert IDENTITY_KEY.decode() not in shown
