import pytest

from policylang.linter.networks import listed_networks, network
from policylang.linter.subject import Subject
from tests.policylang.linter.linting import compiled


@pytest.mark.parametrize("text", ["", "a", "10.0.0.1", "10.0.0.1/8", "10.0.0.0/33", "/8"])
def test_what_is_no_network(text: str) -> None:
    assert network(text) is None


def test_lists_in_rules_lets_and_selects() -> None:
    text = """let office = client.ip in ["192.0.2.0/24", "2001:db8::/32"]
deny a on orders when not office and client.ip not in ["198.51.100.0/24"]
deny b on orders when claims.tenant in ["a", "b"]
"""
    result = compiled(text)
    assert result.module is not None
    assert result.parsed is not None
    seen = Subject(result.module, result.parsed.rule_set, result.tree, result.parsed.trivia)
    found = [[str(net) for _, net in listed] for listed in listed_networks(seen)]
    assert found == [["192.0.2.0/24", "2001:db8::/32"], ["198.51.100.0/24"], []]
