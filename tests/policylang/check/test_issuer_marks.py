from dataclasses import replace

import pytest

from policylang.check.issuer_marks import disjoint_tokens
from policylang.check.model import Credential, Issuer
from tests.policylang.check.rule_sets import sound

Mark = tuple[tuple[str, ...], str | None] | None


@pytest.fixture(scope="module")
def corp() -> Issuer:
    return sound("").issuers["corp"]


@pytest.mark.parametrize(
    ("one", "other", "disjoint"),
    [
        (None, None, False),
        (None, (("gty",), "a"), False),
        ((("gty",), "a"), (("gty",), "a"), False),
        ((("gty",), "a"), (("gty",), "b"), True),
        ((("gty",), "a"), (("gty",), None), True),
        ((("gty",), None), (("gty",), None), False),
        ((("gty",), "a"), (("typ",), "b"), False),
        ((("a", "b"), "x"), (("a",), None), False),
    ],
)
def test_marks_tell_tokens_apart_on_one_member(corp: Issuer, one: Mark, other: Mark, disjoint: bool) -> None:
    left, right = replace(corp, marked=one), replace(corp, marked=other)
    assert disjoint_tokens(left, right) is disjoint
    assert disjoint_tokens(right, left) is disjoint


def test_another_iss_is_enough(corp: Issuer) -> None:
    assert disjoint_tokens(corp, replace(corp, iss="https://other.example"))


def test_another_header_is_not_enough(corp: Issuer) -> None:
    assert not disjoint_tokens(corp, replace(corp, credential=Credential("header", "x-token")))
