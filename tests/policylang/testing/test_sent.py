"""What the service sees: the client's headers without what must not travel, then the gateway's."""

import pytest

from tests.policylang.testing.worlds import passes, sides

SENT = 'given ana request GET "/v1/acme/orders/1" header'


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("X-Other", 'header X-Other "v"'),
        ("X-Trace", "header X-Trace absent"),
        ('"x_trace"', "header X-Trace absent"),
        ("X-Debug-All", "header X-Debug-All absent"),
        ("X-User", 'header X-User "ana"'),
        ('"x.user"', 'header X-User "ana"'),
        ("X-Roles", "header X-Roles absent"),
        ("X-Identity", 'header X-Identity "(identity token inner)"'),
        ("Connection", "header Connection absent"),
        ("X-Forwarded-For", "header X-Forwarded-For absent"),
    ],
)
def test_what_a_client_sends(name: str, expected: str) -> None:
    assert passes(f'{SENT} {name} "v" expect allow {expected}')


def test_what_rules_of_another_route_set_does_not_travel_either() -> None:
    assert passes('request GET "/health" header X-User "v" header X-Free "v" expect allow header X-User absent')
    assert passes('request GET "/health" header X-Trace "v" expect allow header X-Trace "v"')


def test_nothing_travels_of_a_refused_request() -> None:
    assert passes('request GET "/v1/acme/orders/1" header X-Other "v" expect deny 401 header X-Other absent')


@pytest.mark.parametrize("name", ["Server", '"sErVeR"', "X-Internal-Host"])
def test_what_a_service_sends_and_rules_remove(name: str) -> None:
    assert passes(f'given ana request GET "/v1/acme/orders/1" expect allow response header {name} absent')
    assert sides(f'request GET "/health" expect allow response header {name} absent')
