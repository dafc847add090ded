"""What crosses the boundary: identity headers and identity tokens in, client tokens and forged headers out."""

import json
from pathlib import Path

from joserfc import jwt as jose
from joserfc.jwk import KeySet, import_key

from tests.journeys.world import World, world

RULES = """
metadata { fresh within 30s  roles: set of slug default [] }
route orders { match GET, POST on "/orders/**"  trust corp  upstream setting.service }
route open { match GET on "/open"  trust anonymous  upstream setting.service }
route mixed { match GET on "/mixed"  trust corp, anonymous  upstream setting.service }
allow read on orders always
allow see on open always
allow both on mixed always
request headers on orders { set X-User "{claims.sub}"  set X-Roles metadata.roles joined by ","  omit when empty }
identity token inner on orders {
  audience "svc"  subject claims.sub  lifetime 60s  header X-Identity  claims { roles: metadata.roles }
}
response headers on all { remove X-Internal-Host  set X-Served-By "gateway" }
"""
FACTS = {"corp": {"u1": {"roles": ["b", "a"]}}}


async def keys(w: World) -> KeySet:
    _, text = await w.get_admin("/.well-known/jwks.json")
    return KeySet([import_key(key) for key in json.loads(text)["keys"]])


async def test_identity_goes_in_and_the_token_stays_out(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, metadata=FACTS) as w:
        token = w.token()
        reply = await w.ask("GET", "/orders/7?q=1", token)
        assert reply.status == 200
        assert reply.body["path"] == "/orders/7?q=1"
        assert reply.seen("X-User") == ["u1"]
        assert reply.seen("X-Roles") == ["a,b"]
        assert reply.seen("Authorization") == []
        assert token not in json.dumps(reply.body)
        decoded = jose.decode(reply.seen("X-Identity")[0], await keys(w), algorithms=["ES256"])
        assert decoded.header["typ"] == "identity+jwt"
        claims = decoded.claims
        assert (claims["sub"], claims["aud"], claims["iss"]) == ("u1", "svc", "https://gateway.test")
        assert claims["roles"] == ["a", "b"]
        assert claims["exp"] - claims["iat"] == 60


async def test_forged_headers_never_arrive_on_any_path(tmp_path: Path) -> None:
    forged = {
        "x-user": "root",
        "X_USER": "root",
        "X-Identity": "root",
        "X_Roles": "root",
        "X-Forwarded-For": "10.0.0.1",
    }
    async with world(tmp_path, RULES, metadata={}) as w:
        for path, token in (("/orders/1", w.token()), ("/open", None), ("/mixed", None), ("/mixed", w.token())):
            reply = await w.ask("GET", path, token, {**forged, "Connection": "X-User, close"})
            assert reply.status == 200
            assert "root" not in json.dumps(reply.body["headers"])
            assert reply.seen("X-Forwarded-For") == ["127.0.0.1"]
        assert reply.seen("X-Roles") == []


async def test_an_identity_token_is_no_access_token(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, metadata={}) as w:
        minted = (await w.ask("GET", "/orders/1", w.token())).seen("X-Identity")[0]
        assert (await w.ask("GET", "/orders/1", minted)).status == 401
        assert (await w.ask("GET", "/mixed", minted)).status == 401


async def test_a_bad_credential_is_refused_even_where_none_is_needed(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, metadata={}) as w:
        assert (await w.ask("GET", "/mixed", None)).status == 200
        assert (await w.ask("GET", "/mixed", w.token(lifetime=-300))).status == 401
        assert (await w.ask("GET", "/open", "rubbish")).status == 200


async def test_answers_are_edited(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, metadata={}) as w:
        reply = await w.ask("GET", "/open")
        assert "X-Internal-Host" not in reply.headers
        assert reply.headers["X-Served-By"] == "gateway"
        assert reply.seen("X-Request-Id") == [reply.headers["X-Request-Id"]]


async def test_required_metadata_of_an_unknown_identity_is_a_fault(tmp_path: Path) -> None:
    rules = RULES.replace("default []", "").replace("omit when empty", "")
    async with world(tmp_path, rules, metadata=FACTS) as w:
        assert (await w.ask("GET", "/orders/1", w.token())).status == 200
        assert (await w.ask("GET", "/orders/1", w.token(sub="u2"))).code == "render_fault"


async def test_facts_that_do_not_fit_are_told_and_leave_the_old_ones(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, metadata=FACTS) as w:
        (tmp_path / "metadata.json").write_text('{"corp": {"u1": {"roles": "sesame"}}}', encoding="utf-8")
        assert not await w.gateway.reload.reload()
        assert (await w.ask("GET", "/orders/1", w.token())).seen("X-Roles") == ["a,b"]
        told = "metadata.json:1: corp: entry 1: `roles`: expected set of slug, found a text"
        assert any(told in line for line in w.said)
        assert told in json.loads((await w.get_admin("/readyz"))[1])["last_failure"]["reason"]
        assert not any("sesame" in line for line in w.said)


async def test_the_log_has_a_line_for_each_request_and_no_token(tmp_path: Path) -> None:
    async with world(tmp_path, RULES, metadata=FACTS) as w:
        for path in ("/orders/1", "/nowhere", "/open"):
            await w.ask("GET", path, w.token())
    lines = [json.loads(line) for line in (tmp_path / "decisions.log").read_text(encoding="utf-8").splitlines()]
    assert [line["decision"] for line in lines] == ["allow", "no_route", "allow"]
    assert lines[0]["identity"] != "u1"
    assert len(lines[0]["identity"]) == 32
    assert lines[0]["rule"] == "read"
    text = (tmp_path / "decisions.log").read_text(encoding="utf-8")
    assert "eyJ" not in text
    assert "u1" not in text
