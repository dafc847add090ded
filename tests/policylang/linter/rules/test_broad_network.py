"""L023: networks that hold everybody."""

import pytest

from tests.policylang.linter.linting import findings, places

RULE = 'deny outside on orders when client.ip not in ["{}", "192.0.2.0/24"]\n'


@pytest.mark.parametrize(
    ("network", "found"),
    [
        ("0.0.0.0/0", True),
        ("0.0.0.0/1", True),
        ("10.0.0.0/8", False),
        ("::/0", True),
        ("fc00::/7", False),
        ("2000::/3", True),
    ],
)
def test_by_the_length_of_the_prefix(network: str, found: bool) -> None:
    assert places("L023", RULE.format(network)) == ([f'"{network}"'] if found else [])


def test_what_is_said() -> None:
    assert findings("L023", RULE.format("0.0.0.0/0"))[0].title == "`0.0.0.0/0` is every IPv4 address there is"
    assert findings("L023", RULE.format("2000::/3"))[0].title == "`2000::/3` is one of 8 parts of all IPv6 addresses"


def test_other_prefixes() -> None:
    assert places("L023", RULE.format("10.0.0.0/8"), shortest_v4=9) == ['"10.0.0.0/8"']


def test_texts_that_look_like_one_are_not() -> None:
    assert places("L023", 'deny x on orders when claims.tenant in ["a", "b"]\n') == []
