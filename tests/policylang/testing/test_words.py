import pytest

from policylang.runtime.decision import ChargeRecord, Decision
from policylang.testing.words import deciders, decision_words, differences, value_words

LIMITED = Decision(
    "limited",
    429,
    charges=tuple(
        ChargeRecord(limit, "", ())
        for limit in ("policy:free:rate", "policy:free:quota", "policy:free:concurrency", "x")
    ),
)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision("allow", 200, rule="read"), "allow by read"),
        (Decision("denied", 403, rule="d"), "deny 403 as denied by d"),
        (Decision("deny_fault", 503, rule="a", faults=("a", "b")), "deny 503 as deny_fault by a, b"),
        (Decision("allow_fault", 503, faults=("a", "b")), "deny 503 as allow_fault by a, b"),
        (LIMITED, "deny 429 as limited by free, x"),
        (Decision("no_route", 404), "deny 404 as no_route"),
    ],
)
def test_decisions(decision: Decision, words: str) -> None:
    assert decision_words(decision) == words


def test_a_spent_policy_decides_once() -> None:
    assert deciders(LIMITED) == ("free", "x")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "absent"),
        (False, "false"),
        (3, "3"),
        ('a"\n', r'"a\"\n"'),
        ((), "[]"),
        (frozenset({"b", "a"}), '["a", "b"]'),
    ],
)
def test_values(value: object, words: str) -> None:
    assert value_words(value) == words


def test_only_what_differs_is_told() -> None:
    one, other = Decision("allow", 200, rule="a", route="r"), Decision("allow", 200, rule="b", route="r")
    assert differences(one, other) == ("rule 'a'", "rule 'b'")
