"""The API's boundary: nobody gets in without the credential, and what goes wrong is a problem of the document."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession, web

from gateway.admin.document import read_document
from gateway.admin.problems import Problem
from tests.strategies.admin import BEARER, CREDENTIAL, AdminWorld, served

DOCUMENT = read_document()
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")
VALUES = {
    "identity": "4f1c2d3e5a6b798897a6b5c4d3e2f100",
    "keyring": "partners",
    "kid": "0123456789abcdef",
    "revocation": "issuer:corp",
}


def paths() -> Iterator[str]:
    for path in DOCUMENT.content["paths"]:
        yield path.format(**VALUES)
    yield from ("/v1", "/v1/", "/v1/nothing", "/v1/identities/", "/%76%31/identities", "/v1/../v1/store", "/v1//store")


@pytest.mark.parametrize("path", list(paths()))
async def test_nobody_gets_in_without_the_credential(path: str) -> None:
    world = AdminWorld()
    async with served(world) as ask, ClientSession() as session:
        for method in METHODS:
            for headers in ({}, {"Authorization": "Bearer wrong"}):
                async with session.request(method, ask.url + path, headers=headers) as answer:
                    assert answer.status == 401, (method, path)
                    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="policylang admin"')
                    assert answer.headers["Cache-Control"] == "no-store"
                    if method != "HEAD":
                        assert (await answer.json(content_type=None))["code"] in {
                            "credential_missing",
                            "credential_refused",
                        }


async def test_other_paths_of_the_listener_ask_for_none() -> None:
    async with served(AdminWorld()) as ask, ClientSession() as session:
        for path, status in (
            ("/healthz", 200),
            ("/readyz", 200),
            ("/metrics", 200),
            ("/.well-known/jwks.json", 200),
            ("/", 404),
            ("/v2/identities", 404),
        ):
            async with session.get(ask.url + path) as answer:
                assert answer.status == status, path


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Basic {CREDENTIAL}",
        CREDENTIAL,
        f"Bearer {CREDENTIAL}x",
        f"Bearer {CREDENTIAL[:-1]}",
        f"Bearer {CREDENTIAL}, Bearer {CREDENTIAL}",
        "Bearer é",
    ],
)
async def test_another_credential(authorization: str) -> None:
    world = AdminWorld()
    async with served(world) as ask:
        refused = await ask("GET", "/v1/store", headers={"Authorization": authorization})
        assert (refused.status, refused.code) == (401, "credential_refused")
        assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


async def test_two_credentials_are_none() -> None:
    async with served(AdminWorld()) as ask, ClientSession() as session:
        twice = [("Authorization", BEARER["Authorization"])] * 2
        async with session.get(f"{ask.url}/v1/store", headers=twice) as answer:
            assert answer.status == 401


async def test_without_a_credential_in_the_settings_the_api_is_off() -> None:
    world = AdminWorld(credential=None)
    async with served(world) as ask:
        for path in ("/v1/store", "/v1/openapi.json", "/v1/nothing"):
            off = await ask("GET", path)
            assert (off.status, off.code) == (403, "credential_unset")
            assert "admin.credential" in off.body["detail"]


async def test_what_is_not_there_and_what_is_not_allowed() -> None:
    async with served(AdminWorld()) as ask:
        assert (await ask("GET", "/v1/nothing")).code == "no_route"
        refused = await ask("DELETE", "/v1/store")
        assert (refused.status, refused.code, refused.headers["Allow"]) == (405, "method_not_allowed", "GET")
        assert (await ask("HEAD", "/v1/store")).status == 405
        many = await ask("POST", f"/v1/identities/{VALUES['identity']}")
        assert many.headers["Allow"] == "DELETE,GET,PATCH,PUT"
        assert (await ask("PUT", "/v1/identities/lookup")).headers["Allow"] == "POST"


async def test_every_answer_names_its_request_and_is_not_stored() -> None:
    async with served(AdminWorld()) as ask:
        seen = [await ask("GET", path) for path in ("/v1/store", "/v1/nothing", "/v1/identities?x=1")]
        assert all(one.headers["Cache-Control"] == "no-store" for one in seen)
        assert len({one.headers["X-Request-Id"] for one in seen}) == 3
        assert seen[1].body["request_id"] == seen[1].headers["X-Request-Id"]


async def test_a_fault_tells_its_kind_to_the_operator_alone() -> None:
    world = AdminWorld()

    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise ZeroDivisionError("4f1c secret")

    world.state = Broken()  # type: ignore[assignment]
    async with served(world) as ask:
        fault = await ask("GET", "/v1/store")
        assert (fault.status, fault.code) == (500, "internal")
        assert world.told == [f"admin API: request {fault.body['request_id']} failed: ZeroDivisionError"]


async def test_attempts_are_counted() -> None:
    api = AdminWorld().api()
    for values in ([f"bearer {CREDENTIAL}"], [f"Bearer  {CREDENTIAL}"]):
        api.gate.admit(values)
    for values in ([], ["Bearer x"]):
        with pytest.raises(Problem):
            api.gate.admit(values)
    attempts = api.gate.attempts
    assert (attempts.accepted, attempts.missing, attempts.refused, attempts.unset) == (2, 1, 1, 0)


def test_handlers_and_document_match() -> None:
    api = AdminWorld().api()
    assert {operation.id for operation in api.document.operations} == api.handlers.keys()
    routes = {
        (route.method, route.resource.canonical)
        for route in AdminWorld().app().router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/v1")
    }
    routes -= {("*", path) for path in DOCUMENT.content["paths"]}
    assert routes == {(operation.method, operation.path) for operation in DOCUMENT.operations}


def test_a_handler_that_is_missing_is_no_api() -> None:
    api = AdminWorld().api()
    handlers = {name: handler for name, handler in api.handlers.items() if name != "store.get"}
    with pytest.raises(ValueError, match="not those of its document"):
        replace(api, handlers=handlers).add_to(web.Application().router)
