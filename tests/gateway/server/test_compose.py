"""What travels on: the path byte for byte, prefixes, hosts, identity tokens, and the answer's edit."""

import json
from typing import Any

import pytest

from gateway.message.forward import Forward
from gateway.rewrite.identity_token import Minter
from gateway.rewrite.keys import development_ring
from gateway.server.call import Call
from gateway.server.compose import Composer
from gateway.server.handle import Parts
from gateway.server.locate import locate
from policylang.embed import Verdict, decode_base64url
from tests.strategies.spine import UPSTREAM, Gate, ask, caller, inbound, lines, load, parts, record, values
from tests.strategies.tokens import NOW, SECOND

RULES = f"""
route plain {{ match GET, POST on "/plain/**"  trust corp  {UPSTREAM} }}
route moved {{ match GET on "/v1/api/**"  trust corp  {UPSTREAM}  strip prefix "/v1/api"  add prefix "/in ner" }}
route shorter {{ match GET on "/short/**"  trust corp  {UPSTREAM}  strip prefix "/short" }}
route kept {{ match GET on "/kept"  trust corp  {UPSTREAM}, "http://two.test"  preserve host }}
route bare {{ match GET on "/bare"  trust corp  {UPSTREAM} }}
route borne {{ match GET on "/borne"  trust corp  {UPSTREAM} }}
allow all_of_it on routes trusting corp always
identity token unborne on bare {{
  audience "svc"  subject claims.sub  lifetime 60s  header X-Identity  claims {{ tenant: claims.tenant }}
}}
identity token carried on borne {{ audience "svc"  subject claims.sub  lifetime 60s  header Authorization bearer }}
request headers on plain {{ set X-User "{{claims.sub}}"  remove "X-Debug-*" }}
response headers on plain {{ set X-Served "gateway"  remove Server, "X-Internal-*" }}
"""


def names_of(block: bytes) -> set[bytes]:
    return {line.partition(b":")[0].lower() for line in block.splitlines()}


@pytest.fixture(scope="module")
def made() -> Parts:
    plan = load(RULES)
    return parts(plan, Gate(caller(plan)))


def sent(made: Parts, target: str, *headers: tuple[bytes, bytes], method: str = "GET") -> Forward:
    answer, _ = ask(made, method, target, *headers)
    assert isinstance(answer, Forward), answer
    return answer


@pytest.mark.parametrize(
    "target",
    [
        "/plain/a", "/plain/", "/plain", "/plain/a%20b/%C3%A9", "/plain/%c3%a9", "/plain/a+b:@!$&'()*,=~", "/plain/A%7Eb",
        "/plain/a?", "/plain/a?x=%2F%2f&y=//..;#"[:-1], "/plain/a??b",
    ],
)  # fmt: skip
def test_path_and_query_travel_byte_for_byte(made: Parts, target: str) -> None:
    assert sent(made, target).head.startswith(b"GET " + target.encode() + b" HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("target", "upstream"),
    [
        ("/v1/api/a%20b/c?q=1", "/in%20ner/a%20b/c?q=1"),
        ("/v1/api", "/in%20ner"),
        ("/v1/api/", "/in%20ner/"),
        ("/v1/%61pi/%61", "/in%20ner/%61"),
        ("/short/a", "/a"),
        ("/short", "/"),
        ("/short/?q", "/?q"),
    ],
)
def test_prefixes_go_and_come_and_the_rest_keeps_its_bytes(made: Parts, target: str, upstream: str) -> None:
    assert sent(made, target).head.split(b" ")[1] == upstream.encode()


def test_the_method_travels(made: Parts) -> None:
    assert sent(made, "/plain/a", method="POST").head.startswith(b"POST /plain/a ")


def test_host_is_the_upstreams_unless_the_route_preserves_it(made: Parts) -> None:
    assert values(sent(made, "/plain/a"), b"host") == [b"svc.test:9000"]
    kept = sent(made, "/kept")
    assert values(kept, b"host") == [b"api.test"]
    assert kept.targets == ("http://svc.test:9000", "http://two.test")
    for answer in (kept, sent(made, "/plain/a")):
        assert values(answer, b"x-forwarded-host") == [b"api.test"]
        assert values(answer, b"x-forwarded-proto") == [b"https"]
        assert values(answer, b"x-forwarded-for") == [b"203.0.113.9"]
        assert values(answer, b"x-request-id") == [b"00aa"]


def claims(token: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(decode_base64url(token.split(b".")[1]))
    return found


def test_an_identity_token_without_and_with_its_scheme(made: Parts) -> None:
    client = (b"Authorization", b"Bearer of.the.client")
    bare = sent(made, "/bare", client, (b"X_IDENTITY", b"forged"))
    [token] = values(bare, b"x-identity")
    assert claims(token) == {
        "iss": "https://gateway.test",
        "sub": "u1",
        "aud": "svc",
        "tenant": "acme",
        "iat": NOW // SECOND,
        "exp": NOW // SECOND + 60,
    }
    assert values(bare, b"authorization") == []
    assert b"forged" not in bare.head
    [borne] = values(sent(made, "/borne", client), b"authorization")
    assert borne.startswith(b"Bearer ")
    assert claims(borne.removeprefix(b"Bearer "))["sub"] == "u1"


def test_what_a_route_sets_and_removes(made: Parts) -> None:
    answer = sent(made, "/plain/a", (b"X-Debug-A", b"1"), (b"x_user", b"root"), (b"Accept", b"*/*"))
    assert (b"x-user", b"u1") in lines(answer)
    assert (b"accept", b"*/*") in lines(answer)
    assert b"root" not in answer.head
    assert b"x-debug" not in answer.head.lower()


def test_the_answers_edit(made: Parts) -> None:
    edit = sent(made, "/plain/a").edit
    assert edit.add == b"X-Request-Id: 00aa\r\nX-Served: gateway\r\n"
    assert names_of(edit.add) <= edit.remove
    assert {b"server", b"x-served", b"x-request-id", b"ratelimit", b"ratelimit-policy"} <= edit.remove
    assert edit.prefixes == (b"x-internal-",)


def test_times_are_the_routes(made: Parts) -> None:
    route = made.current().compiled.plan.routes[0]
    answer = sent(made, "/" + route.name)
    assert (answer.connect_micros, answer.answer_micros, answer.idle_micros) == (
        route.connect_micros,
        route.answer_micros,
        route.idle_micros,
    )


def test_names_that_only_another_plan_sets_travel_under_this_one() -> None:
    """A composer serves requests of two plans at once; each drops the names that its own rules set."""
    composer = Composer(Minter(development_ring(), "https://gateway.test"), b"http")
    route = f'route a {{ match GET on "/a"  trust corp  {UPSTREAM} }}\nallow x on a always\n'
    setting = load(route + 'request headers on a { set X-User "{claims.sub}" }\n', generation=1)
    plain = load(route, generation=2)
    for plan, wanted in ((setting, [b"u1"]), (plain, [b"client"]), (setting, [b"u1"])):
        made = Parts(lambda plan=plan: plan, Gate(caller(plan)), parts(plan, None).limits, composer, ())  # type: ignore[misc]
        answer, _ = ask(made, "GET", "/a", (b"X-User", b"client"))
        assert values(answer, b"x-user") == wanted


def test_limits_fields_come_before_what_rules_set(made: Parts) -> None:

    plan = made.current()
    call = locate(plan, inbound("GET", "/plain/a"), record(), ())
    assert isinstance(call, Call)
    verdict = Verdict("allow", set_response=b"X-B: 2\r\n")
    answer = made.composer.compose(call, caller(plan), verdict, b"RateLimit: x\r\n")
    assert answer.edit.add == b"X-Request-Id: 00aa\r\nRateLimit: x\r\nX-B: 2\r\n"
