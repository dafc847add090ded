"""If-Match and If-None-Match as the version that a store expects."""

import pytest

from gateway.admin.preconditions import NEVER, expected
from gateway.admin.problems import Problem


@pytest.mark.parametrize(
    ("parameters", "version"),
    [
        ({}, None),
        ({"If-None-Match": "*"}, 0),
        ({"If-Match": "*"}, "any"),
        ({"If-Match": '"12"'}, 12),
        ({"If-Match": '"0"'}, NEVER),
        ({"If-Match": '"-1"'}, NEVER),
        ({"If-Match": 'W/"12"'}, NEVER),
        ({"If-Match": '"12", "13"'}, NEVER),
        ({"If-Match": ""}, NEVER),
    ],
)
def test_what_is_expected(parameters: dict[str, str], version: object) -> None:
    assert expected(parameters) == version


def test_both_can_never_hold() -> None:
    with pytest.raises(Problem) as raised:
        expected({"If-Match": "*", "If-None-Match": "*"})
    assert raised.value.status == 422
