"""Facts against the rules' metadata block."""

from dataclasses import replace

import pytest

from gateway.admin.facts import check_facts, check_key_facts
from gateway.admin.problems import Problem
from tests.strategies.admin import RULES, admin_plan

STRICT = admin_plan(RULES.replace("notes: set of text(1..200) optional", "owner: text(1..20)"))


def test_what_fits() -> None:
    check_facts(admin_plan(), {"tier": "gold", "roles": ["a"]}, "/metadata")
    check_facts(STRICT, {"owner": "x"}, "/metadata")
    check_key_facts(STRICT, {"tier": "gold"}, "/metadata")


def test_what_does_not() -> None:
    with pytest.raises(Problem) as missing:
        check_facts(STRICT, {}, "/metadata")
    (trouble,) = missing.value.errors
    assert (trouble.pointer, missing.value.status) == ("/metadata/owner", 422)
    assert trouble.detail.endswith("and there is no such member")
    for check in (check_facts, check_key_facts):
        with pytest.raises(Problem) as unknown:
            check(admin_plan(), {"teir": "gold"}, "/m")
        assert "did you mean `tier`?" in unknown.value.errors[0].detail


def test_rules_without_metadata_take_none() -> None:
    bare = replace(admin_plan(), metadata=None)
    check_facts(bare, {}, "/metadata")
    with pytest.raises(Problem) as raised:
        check_facts(bare, {"a": 1}, "/metadata")
    assert "the rules declare none" in raised.value.errors[0].detail
