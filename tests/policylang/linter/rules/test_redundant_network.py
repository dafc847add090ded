"""L024: networks within networks."""

import pytest

from policylang.linter.fix import fix
from tests.policylang.linter.linting import linted, places

RULE = "deny outside on orders when client.ip not in [{}]\n"


@pytest.mark.parametrize(
    ("listed", "found", "left"),
    [
        ('"10.0.0.0/8", "10.1.0.0/16"', ['"10.1.0.0/16"'], '["10.0.0.0/8"]'),
        ('"10.1.0.0/16", "10.0.0.0/8"', ['"10.1.0.0/16"'], '["10.0.0.0/8"]'),
        ('"10.1.0.0/16", "10.2.0.0/16", "10.0.0.0/8"', ['"10.1.0.0/16"', '"10.2.0.0/16"'], '["10.0.0.0/8"]'),
        ('"fd00::/8", "fd12::/16", "10.0.0.0/8"', ['"fd12::/16"'], '["fd00::/8", "10.0.0.0/8"]'),
    ],
)
def test_the_narrower_ones_go(listed: str, found: list[str], left: str) -> None:
    assert places("L024", RULE.format(listed)) == found
    fixed = fix(linted(RULE.format(listed)))
    assert left in fixed.result.tree.files[0].text
    assert len(fixed.changes) == len(found)


@pytest.mark.parametrize("listed", ['"10.0.0.0/9", "10.128.0.0/9"', '"10.0.0.0/8", "fd00::/8"', '"10.0.0.0/8"'])
def test_networks_beside_each_other_stay(listed: str) -> None:
    assert places("L024", RULE.format(listed)) == []
