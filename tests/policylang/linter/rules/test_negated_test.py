"""L045: negations with a word of their own; the plan stays the same."""

import pytest

from policylang.linter.fix import fix
from tests.policylang.linter.linting import linted, places


@pytest.mark.parametrize(
    ("condition", "turned"),
    [
        ('not claims.tenant in ["a"]', 'claims.tenant not in ["a"]'),
        ('not (claims.tenant in ["a"])', 'claims.tenant not in ["a"]'),
        ('not claims.tenant not in ["a"]', 'claims.tenant in ["a"]'),
        ("not claims.risk present", "claims.risk absent"),
        ("not claims.risk absent", "claims.risk present"),
        ('claims.plan == "free" and not "x" in claims.scope', 'claims.plan == "free" and "x" not in claims.scope'),
    ],
)
def test_each_form_is_turned_and_means_the_same(condition: str, turned: str) -> None:
    before = linted(f"deny x on orders when {condition}\n")
    fixed = fix(before)
    assert f"when {turned}\n" in fixed.result.tree.files[0].text
    assert before.plan is not None
    assert fixed.result.plan is not None
    assert fixed.result.plan.semantic == before.plan.semantic


def test_what_has_no_word_of_its_own_stays() -> None:
    assert places("L045", 'deny x on orders when not (claims.plan == "free" or claims.risk absent)\n') == []
    assert places("L045", 'deny x on orders when not claims.tenant starts with "a"\n') == []


def test_a_comment_in_the_middle_is_not_lost() -> None:
    text = 'deny x on orders when not ( # why\n  claims.tenant in ["a"])\n'
    assert places("L045", text)
    assert "# why" in fix(linted(text)).result.tree.files[0].text


def test_issuers() -> None:
    staff = """issuer staff {
  iss "https://staff.example.com"   keys discovered   algorithms ES256   audience "https://api.example.com"
  lifetime at most 1h   identity by claims.sub   claims { sub: text(1..128) }
}
route orders { match GET on "/orders"   trust corp, staff   upstream "http://127.0.0.1:9000" }
allow read on orders when issuer is corp
"""
    fixed = fix(linted(f"{staff}deny x on orders when not issuer is corp\n"))
    assert "when issuer is not corp\n" in fixed.result.tree.files[0].text
