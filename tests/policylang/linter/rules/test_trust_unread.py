"""L006: a token that nobody reads."""

import pytest

from tests.policylang.linter.linting import findings, places

INSIDE = 'allow inside on orders for GET when client.ip in ["10.0.0.0/8"]\n'


def test_an_allow_by_address_alone_is_found() -> None:
    (found,) = findings("L006", INSIDE)
    assert "no rule there reads who the caller is" in found.title


@pytest.mark.parametrize(
    "more",
    [
        "deny risky on orders when claims.risk absent\n",
        "metadata { b: bool default false }\ndeny b on orders when metadata.b\n",
    ],
)
def test_a_deny_that_reads_the_caller_is_enough(more: str) -> None:
    assert places("L006", INSIDE + more) == []


def test_anonymous_routes_have_no_caller_to_read() -> None:
    health = 'route health { match GET on "/health"   trust anonymous   upstream "http://127.0.0.1:9000" }\n'
    assert places("L006", f'{health}allow ping on health when client.ip in ["10.0.0.0/8"]\n') == []


def test_where_anonymous_requests_pass_too_nobody_is_misled() -> None:
    both = 'route orders { match GET on "/o"   trust corp, anonymous   upstream "http://127.0.0.1:9000" }\n'
    assert places("L006", both + INSIDE) == []


def test_always_is_told_by_another_rule() -> None:
    assert places("L006", "allow all_of_it on orders always\n") == []
