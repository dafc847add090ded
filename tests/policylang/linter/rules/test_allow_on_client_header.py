"""L022: proofs that the client writes."""

from tests.policylang.linter.linting import places


def test_one_finding_a_rule() -> None:
    rule = 'allow read on orders when header["X-A"] present and header["X-B"] present and claims.plan == "gold"\n'
    assert places("L022", rule) == ['header["X-A"]']


def test_through_a_let() -> None:
    rule = 'let inside = header["X-A"] present\nallow read on orders when inside and claims.plan == "gold"\n'
    assert places("L022", rule) == ['header["X-A"]']


def test_a_deny_and_a_shadow_may() -> None:
    rules = 'deny a on orders when header["X-A"] present\nshadow allow b on orders when header["X-A"] present\n'
    assert places("L022", rules) == []


def test_a_header_that_a_claim_must_list_is_a_choice_and_no_proof() -> None:
    rule = 'allow read on orders when header["X-Scope"] present and header["X-Scope"] in claims.scope\n'
    assert places("L022", rule) == []
    other = 'allow read on orders when header["X-Scope"] present and "orders:read" in claims.scope\n'
    assert places("L022", other) == ['header["X-Scope"]']
