"""A path that is there under another host is told, with the host."""

import pytest

from policylang.explain.no_route import no_route
from policylang.runtime.ask import Ask
from tests.strategies.spine import plan_of

PLAN = plan_of("""
route a { match GET on "/v1/{n: int 0..9}" host "api.bank.example" trust anonymous upstream "http://127.0.0.1:9" }
route b { match GET on "/v1/**" host "*.bank.other" trust anonymous upstream "http://127.0.0.1:9" }
route d { match GET on "/v1/**" host "{org: slug}.bank.test" trust anonymous upstream "http://127.0.0.1:9" }
route c { match GET on "/open" trust corp, anonymous upstream "http://127.0.0.1:9" }
allow x on a, b, c, d always
""")
SAID = "no route takes this host and path: Host is gateway.test"


@pytest.mark.parametrize(
    ("method", "target", "said"),
    [
        ("GET", "/v1/7", f"{SAID}, and the path is under *.bank.other, api.bank.example, {{org}}.bank.test"),
        ("POST", "/v1/7", f"{SAID}, and the path is under *.bank.other, api.bank.example, {{org}}.bank.test"),
        ("GET", "/v1/77", f"{SAID}, and the path is under *.bank.other, {{org}}.bank.test"),
        ("GET", "/v2/7", SAID),
        ("GET", "//", SAID),
    ],
)
def test_hosts(method: str, target: str, said: str) -> None:
    assert no_route(PLAN, Ask(0, method, target)) == said
