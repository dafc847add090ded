import pytest

from policylang.diagnostics.suggest import did_you_mean


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("ordrs", ["hooks", "orders"], "orders"),
        ("oredrs", ["orders"], "orders"),  # two neighbours swapped
        ("alow", ["allow", "all"], "allow"),
        ("al", ["all", "any"], "all"),
        ("tenant_idd", ["tenant_id"], "tenant_id"),
        ("zebra", ["hooks", "orders"], None),
        ("a", ["b"], "b"),
        ("ab", ["cd"], None),
        ("orders", ["orders"], None),
        ("", ["a"], "a"),
        ("word", [], None),
        ("x" * 65, ["x" * 64], None),
    ],
)
def test_the_nearest_candidate_within_reach(word: str, candidates: list[str], meant: str | None) -> None:
    assert did_you_mean(word, candidates) == meant


def test_of_equally_near_ones_the_first_by_name_whatever_the_order() -> None:
    assert did_you_mean("cat", ["rat", "bat", "hat"]) == "bat"
    assert did_you_mean("cat", ["hat", "bat", "rat"]) == "bat"


def test_a_nearer_one_wins_over_an_earlier_one() -> None:
    assert did_you_mean("tenants", ["tenanted", "tenant"]) == "tenant"
