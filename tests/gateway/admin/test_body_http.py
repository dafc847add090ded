"""Bodies: of the right type, bounded, strict, and told where they are wrong without a value."""

from collections.abc import AsyncIterator

import pytest

from gateway.admin.body_http import MAX_BYTES
from tests.strategies.admin import IDENTITY, AdminWorld, served

PATH = f"/v1/identities/{IDENTITY}"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"metadata": {}, "metadata": {}}', "twice"),
        (b'{"metadata": NaN}', "NaN"),
        (b'{"metadata": {"tier": "\\ud800"}}', "half a character"),
        (b'{"metadata": {"tier": "\\uffff"}}', "noncharacter"),
        (b"[" * 33 + b"]" * 33, "nested"),
        (b"[" + b"1," * 10_001 + b"1]", "too many"),
    ],
)
async def test_what_is_no_json(body: bytes, said: str) -> None:
    async with served(AdminWorld()) as ask:
        refused = await ask("PUT", PATH, data=body, headers=JSON)
        assert (refused.status, refused.code) == (400, "body_malformed")
        assert said in refused.body["detail"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"[]", ""),
        (b"{}", ""),
        (b'{"metadata": {}, "secret-name": 1}', ""),
        (b'{"metadata": []}', "/metadata"),
        (b'{"metadata": {"secret-name": {}}}', "/metadata"),
        (b'{"metadata": {"secret-name": 9223372036854775807, "b": null}}', "/metadata"),
        (b'{"metadata": {}, "expires": "secret-value"}', "/expires"),
        (b'{"metadata": {}, "expires": "2031-01-31T12:00:00Z\\n"}', "/expires"),
        (b'{"metadata": {}, "expires": "2031-01-31T12:00:00.5Z"}', "/expires"),
    ],
)
async def test_what_is_not_as_the_document_has_it(body: bytes, pointer: str) -> None:
    async with served(AdminWorld()) as ask:
        refused = await ask("PUT", PATH, data=body, headers=JSON)
        assert (refused.status, refused.code, refused.pointers) == (400, "body_invalid", [pointer])
        assert "secret" not in refused.text


@pytest.mark.parametrize("number", [b"1.5", b"1.0", b"1e3", b"-0", b"9223372036854775808"])
async def test_numbers_are_integers_and_written_so(number: bytes) -> None:
    async with served(AdminWorld()) as ask:
        for value in (number, b'["a", %s]' % number):
            refused = await ask("PUT", PATH, data=b'{"metadata": {"seats": %s}}' % value, headers=JSON)
            assert (refused.status, refused.code, refused.pointers) == (422, "refused", [""])


async def test_types_of_bodies() -> None:
    async with served(AdminWorld()) as ask:
        for media in ("text/plain", "application/merge-patch+json", "application/json5", ""):
            refused = await ask("PUT", PATH, data=b"{}", headers={"Content-Type": media})
            assert (refused.status, refused.code) == (415, "media_type"), media
        patch = await ask("PATCH", PATH, data=b"{}", headers=JSON)
        assert (patch.status, patch.headers["Accept-Patch"]) == (415, "application/merge-patch+json")
        packed = await ask("PUT", PATH, data=b"{}", headers={**JSON, "Content-Encoding": "identity"})
        assert packed.status == 415
        right = {"Content-Type": "Application/JSON; charset=utf-8"}
        assert (await ask("PUT", PATH, data=b'{"metadata": {}}', headers=right)).status == 201


async def test_bodies_are_bounded_however_they_come() -> None:
    async def pieces(size: int) -> AsyncIterator[bytes]:
        yield b'{"metadata": {}}'
        yield b" " * (size - 16)

    async with served(AdminWorld()) as ask:
        assert (await ask("PUT", PATH, data=b" " * (MAX_BYTES + 1), headers=JSON)).code == "body_too_large"
        assert (await ask("PUT", PATH, data=pieces(MAX_BYTES + 1), headers=JSON)).code == "body_too_large"
        assert (await ask("PUT", PATH, data=pieces(MAX_BYTES), headers=JSON)).status == 201


async def test_a_body_that_nobody_asked_for() -> None:
    async with served(AdminWorld()) as ask:
        assert (await ask("POST", "/v1/store/accept-loss", data=b"{}")).code == "body_unexpected"
