from tests.policylang.check.rule_sets import issuer, route, sound


def test_the_methods_of_a_route_are_those_of_all_its_patterns() -> None:
    module = sound(route("items", match='PUT, GET on "/a" match GET, DELETE on "/b"'))
    assert module.routes["items"].methods == ("DELETE", "GET", "PUT")


def test_a_claim_is_found_in_its_issuer_only() -> None:
    module = sound(issuer("bots", claims="sub: text  robot: bool") + route("items", trust="bots"))
    robot = module.issuer_claim("bots", "robot")
    assert robot is not None
    assert robot.name == "robot"
    assert module.issuer_claim("corp", "robot") is None
    assert module.issuer_claim(None, "sub") is None
