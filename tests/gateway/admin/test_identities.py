"""Identities: written, read, changed, deleted, listed and looked up, over a real listener."""

import pytest

from gateway.message.ports import OUTAGE
from policylang.embed import virtual_identity
from tests.strategies.admin import IDENTITY, IDENTITY_KEY, LATER, AdminWorld, served

PATH = f"/v1/identities/{IDENTITY}"
GOLD = {"metadata": {"tier": "gold", "roles": ["editor"]}}


async def test_written_read_changed_and_deleted() -> None:
    async with served(AdminWorld()) as ask:
        assert (await ask("GET", PATH)).code == "not_found"
        made = await ask("PUT", PATH, json={**GOLD, "expires": LATER})
        assert made.status == 201
        assert made.body == {"identity": IDENTITY, "version": made.body["version"], **GOLD, "expires": LATER}
        assert made.headers["ETag"] == f'"{made.body["version"]}"'
        read = await ask("GET", PATH)
        assert (read.status, read.body, read.headers["ETag"]) == (200, made.body, made.headers["ETag"])
        changed = await ask("PATCH", PATH, patch={"metadata": {"roles": None, "seats": 3}, "expires": None})
        assert changed.status == 200
        assert changed.body["metadata"] == {"tier": "gold", "seats": 3}
        assert "expires" not in changed.body
        assert changed.body["version"] > made.body["version"]
        replaced = await ask("PUT", PATH, json={"metadata": {}})
        assert (replaced.status, replaced.body["metadata"]) == (200, {})
        gone = await ask("DELETE", PATH)
        assert (gone.status, gone.text) == (204, "")
        assert (await ask("DELETE", PATH)).status == 404
        assert (await ask("PATCH", PATH, patch={})).status == 404


async def test_a_patch_leaves_what_it_does_not_name() -> None:
    async with served(AdminWorld()) as ask:
        await ask("PUT", PATH, json={**GOLD, "expires": LATER})
        changed = await ask("PATCH", PATH, patch={})
        assert (changed.body["metadata"], changed.body["expires"]) == (GOLD["metadata"], LATER)


async def test_compare_and_set() -> None:
    async with served(AdminWorld()) as ask:
        once = {"If-None-Match": "*"}
        assert (await ask("PUT", PATH, json=GOLD, headers={"If-Match": "*"})).status == 412
        made = await ask("PUT", PATH, json=GOLD, headers=once)
        assert made.status == 201
        again = await ask("PUT", PATH, json=GOLD, headers=once)
        assert (again.status, again.code) == (412, "precondition_failed")
        assert again.headers["ETag"] == made.headers["ETag"]
        right, wrong = {"If-Match": made.headers["ETag"]}, {"If-Match": '"1"'}
        for method, body in (("PUT", {"json": GOLD}), ("PATCH", {"patch": {}}), ("DELETE", {})):
            refused = await ask(method, PATH, headers=wrong, **body)
            assert (refused.status, refused.headers["ETag"]) == (412, made.headers["ETag"]), method
        changed = await ask("PATCH", PATH, patch={}, headers=right)
        assert changed.status == 200
        assert (await ask("PUT", PATH, json=GOLD, headers=right)).status == 412
        assert (await ask("PUT", PATH, json=GOLD, headers={"If-Match": "*"})).status == 200
        assert (await ask("DELETE", PATH, headers={"If-Match": "*"})).status == 204
        nothing = await ask("DELETE", PATH, headers={"If-Match": "*"})
        assert nothing.status == 412
        assert "ETag" not in nothing.headers
        both = await ask("PUT", PATH, json=GOLD, headers={"If-Match": "*", **once})
        assert (both.status, both.pointers) == (422, ["/header/If-None-Match"])


@pytest.mark.parametrize("tag", ['"0"', '""', "5", 'W/"5"', '"1", "2"', '"x"'])
async def test_a_tag_of_another_form_is_of_no_version(tag: str) -> None:
    async with served(AdminWorld()) as ask:
        assert (await ask("PUT", PATH, json=GOLD, headers={"If-Match": tag})).status == 412
        made = await ask("PUT", PATH, json=GOLD)
        for method, body in (("PUT", {"json": GOLD}), ("PATCH", {"patch": {}}), ("DELETE", {})):
            refused = await ask(method, PATH, headers={"If-Match": tag}, **body)
            assert (refused.status, refused.headers["ETag"]) == (412, made.headers["ETag"])


@pytest.mark.parametrize(
    ("metadata", "pointers", "said"),
    [
        ({"tier": 7}, ["/metadata/tier"], "found an integer"),
        ({"tier": "platinum"}, ["/metadata/tier"], "expected"),
        ({"tear": "gold"}, ["/metadata"], "member 1 of it is no field of metadata"),
        ({"seats": 10, "roles": "x"}, ["/metadata/seats", "/metadata/roles"], "expected"),
    ],
)
async def test_the_rules_say_what_fits(metadata: dict[str, object], pointers: list[str], said: str) -> None:
    async with served(AdminWorld()) as ask:
        refused = await ask("PUT", PATH, json={"metadata": metadata})
        assert (refused.status, refused.code) == (422, "refused")
        assert refused.pointers == pointers
        assert said in refused.text
        assert "platinum" not in refused.text
        assert "tear" not in refused.text.replace("tier", "")
        await ask("PUT", PATH, json=GOLD)
        assert (await ask("PATCH", PATH, patch={"metadata": metadata})).status == 422
        assert (await ask("GET", PATH)).body["metadata"] == GOLD["metadata"]


async def test_ends_are_ahead() -> None:
    async with served(AdminWorld()) as ask:
        for time, said in (
            ("2026-02-01T12:00:00Z", "in the past"),
            ("2026-02-30T12:00:00Z", "no such time"),
            ("9999-01-01T00:00:00Z", "no later than"),
            ("0000-01-01T00:00:00Z", "no such time"),
        ):
            refused = await ask("PUT", PATH, json={"metadata": {}, "expires": time})
            assert (refused.status, refused.pointers) == (422, ["/expires"])
            assert said in refused.text
        assert (await ask("PUT", PATH, json={"metadata": {}, "expires": "2026-02-01T12:00:01Z"})).status == 201
        assert (await ask("PATCH", PATH, patch={"expires": "2025-01-01T00:00:00Z"})).status == 422


async def test_what_has_expired_is_not_there() -> None:
    world = AdminWorld()
    async with served(world) as ask:
        await ask("PUT", PATH, json={"metadata": {}, "expires": "2026-02-01T12:00:01Z"})
        world.now += 1_000_000
        assert (await ask("GET", PATH)).status == 404


async def test_a_list_in_pages_leaves_the_records_of_keys_out() -> None:
    world = AdminWorld()
    names = [f"{number:032x}" for number in range(5)] + ["f" * 32]
    async with served(world) as ask:
        for name in names:
            await ask("PUT", f"/v1/identities/{name}", json=GOLD)
        made = await ask("POST", "/v1/keyrings/signers/keys", json={"proof": {"kind": "hmac", "alg": "HS256"}, **GOLD})
        assert made.status == 201, made.text
        found: list[str] = []
        after = ""
        while True:
            page = await ask("GET", "/v1/identities", params={"limit": "2", **({"after": after} if after else {})})
            found += [one["identity"] for one in page.body["identities"]]
            if "next" not in page.body:
                break
            after = page.body["next"]
        assert found == names
        some = await ask("GET", "/v1/identities?prefix=00")
        assert [one["identity"] for one in some.body["identities"]] == names[:5]
        assert (await ask("GET", "/v1/identities?prefix=abc")).body == {"identities": []}


@pytest.mark.parametrize(
    "query",
    [
        "prefix=XY",
        "prefix=ab%0A",
        "limit=0",
        "limit=1001",
        "limit=x",
        "limit=01",
        "after=key:a",
        "what=1",
        "limit=1&limit=2",
    ],
)
async def test_other_parameters_are_refused(query: str) -> None:
    async with served(AdminWorld()) as ask:
        refused = await ask("GET", f"/v1/identities?{query}")
        assert (refused.status, refused.code) == (400, "parameter_invalid")


async def test_a_lookup_is_the_virtual_identity() -> None:
    world = AdminWorld()
    async with served(world) as ask:
        expected = virtual_identity(world.plan.issuers[0], (None, "ana", None), IDENTITY_KEY).hex()
        found = await ask("POST", "/v1/identities/lookup", json={"issuer": "corp", "value": "ana"})
        assert (found.status, found.body) == (200, {"identity": expected, "issuer": "corp", "claim": "sub"})
        unknown = await ask("POST", "/v1/identities/lookup", json={"issuer": "nobody", "value": "ana"})
        assert (unknown.status, unknown.pointers) == (422, ["/issuer"])
        assert "corp" in unknown.text
        assert "ana" not in unknown.text
        assert "nobody" not in unknown.text
        assert (await ask("GET", "/v1/identities/lookup")).status == 405
        assert (await ask("GET", "/v1/identities/LOOKUP")).pointers == ["/path/identity"]


async def test_an_outage_is_one() -> None:
    world = AdminWorld()

    class Out:
        def __getattr__(self, name: str) -> object:
            async def answer(*_: object) -> object:
                return OUTAGE

            return answer

    world.records = Out()
    async with served(world) as ask:
        for method, path, body in (
            ("GET", PATH, {}),
            ("PUT", PATH, {"json": GOLD}),
            ("PUT", PATH, {"json": {**GOLD, "expires": LATER}}),
            ("PATCH", PATH, {"patch": {}}),
            ("DELETE", PATH, {}),
            ("GET", "/v1/identities", {}),
            ("POST", "/v1/keyrings/partners/keys", {"json": {"proof": {"kind": "opaque"}}}),
            ("GET", "/v1/keyrings/partners/keys", {}),
            ("DELETE", "/v1/keyrings/partners/keys/0123456789abcdef", {}),
        ):
            out = await ask(method, path, **body)
            assert (out.status, out.code, out.headers["Retry-After"]) == (503, "store_outage", "1"), (method, path)


async def test_who_is_overtaken_again_and_again_is_told() -> None:
    world = AdminWorld()
    real = world.records

    class Overtaken:
        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        async def put(self, kind: str, name: str, content: bytes, expires: int, expect: int | None) -> object:
            await real.put(kind, name, b"{}", 0, None)
            return await real.put(kind, name, content, expires, expect)

    async with served(world) as ask:
        await ask("PUT", PATH, json=GOLD)
    world.records = Overtaken()
    async with served(world) as ask:
        assert (await ask("PATCH", PATH, patch={})).code == "conflict"
        tag = (await ask("GET", PATH)).headers["ETag"]
        assert (await ask("PATCH", PATH, patch={}, headers={"If-Match": tag})).status == 412


async def test_too_much_for_a_record() -> None:
    async with served(AdminWorld()) as ask:
        # Each of them fits the document and the rules; together they are more than a record holds.
        many = {"metadata": {"notes": [f"{number:0200d}" for number in range(400)]}}
        assert (await ask("PUT", PATH, json=many)).code == "record_too_large"


async def test_a_record_that_nobody_can_read_is_a_fault_without_its_content() -> None:
    world = AdminWorld()
    await world.records.put("metadata", IDENTITY, b"[1]", 0, None)
    async with served(world) as ask:
        fault = await ask("GET", PATH)
        assert (fault.status, fault.code) == (500, "internal")
        assert [fault.body["request_id"] in line and "UnreadableRecord" in line for line in world.told] == [True]
