from policylang.linter.subject import Subject
from policylang.syntax import nodes
from tests.policylang.linter.linting import compiled

TEXT = """setting orders text
route orders { match GET, POST on "/orders"   trust corp, anonymous   upstream "http://127.0.0.1:9000" }
route other { match GET on "/other"   trust corp   upstream "http://127.0.0.1:9000" }
allow read on orders, other for GET when issuer is corp and "orders:read" in claims.scope
allow write on orders when issuer is corp and claims.plan == "gold"
deny closed on all when client.ip in ["192.0.2.0/24"]
shadow deny later on orders when client.ip in ["198.51.100.0/24"]
identity token t on other { audience setting.orders   subject claims.sub   lifetime 60s   header X-Identity }
test "x" { request GET "/other"   expect deny 401 }
"""


def subject() -> Subject:
    result = compiled(TEXT)
    assert result.module is not None
    assert result.parsed is not None
    return Subject(result.module, result.parsed.rule_set, result.tree, result.parsed.trivia)


def test_rules_by_effect_and_by_route() -> None:
    seen = subject()
    assert [rule.name for rule in seen.allows] == ["read", "write"]
    assert [rule.name for rule in seen.denies] == ["closed"]
    assert [rule.name for rule in seen.allows_by_route["orders"]] == ["read", "write"]
    assert [rule.name for rule in seen.allows_by_route["other"]] == ["read"]
    assert set(seen.denies_by_route) == {"orders", "other"}


def test_methods_of_a_rule_on_a_route() -> None:
    seen = subject()
    read, write = seen.allows
    assert seen.methods(read, "orders") == {"GET"}
    assert seen.methods(write, "orders") == {"GET", "POST"}
    assert seen.methods(seen.denies[0], "other") == {"GET"}


def test_who_may_call() -> None:
    assert subject().issuers("orders") == ("corp", None)
    assert subject().issuers("other") == ("corp",)


def test_what_is_written_without_the_tests() -> None:
    seen = subject()
    assert [seen.text(node.span) for node in seen.written(nodes.StrSet)] == ['["192.0.2.0/24"]', '["198.51.100.0/24"]']
    assert [item.name.text for item in seen.items(nodes.Route)] == ["orders", "other"]
    assert set(seen.rule_nodes) == {"read", "write", "closed", "later"}
    assert set(seen.route_nodes) == {"orders", "other"}
    assert "GET" in {name.text for name in seen.written(nodes.Name)}


def test_constants_have_the_value_of_the_environment() -> None:
    seen = subject()
    (token,) = seen.items(nodes.IdentityToken)
    assert seen.text_of(token.audience[0]) == "setting-orders"
    (route, _) = seen.items(nodes.Route)
    assert seen.text_of(route.upstream[0][0]) == "http://127.0.0.1:9000"


def test_callers_are_issuers_and_keyrings() -> None:
    result = compiled("keyring ring { }\n" + TEXT)
    assert result.module is not None
    assert result.parsed is not None
    seen = Subject(result.module, result.parsed.rule_set, result.tree, result.parsed.trivia)
    assert [caller.name.text for caller in seen.callers()] == ["corp", "ring"]
