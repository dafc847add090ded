"""L033: policies that limit nothing."""

import pytest

from tests.policylang.linter.linting import places


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("", True),
        ("quota unlimited", True),
        ('grants "a"', True),
        ("rate 5 per 1s burst 5", False),
        ("quota 5 per day", False),
        ("rate 5 per 1s burst 5   quota unlimited", False),
    ],
)
def test_by_its_fields(fields: str, found: bool) -> None:
    text = f"policy free {{ {fields} }}\nselect policy on orders {{ use free otherwise }}\n"
    assert places("L033", text) == (["free"] if found else [])
