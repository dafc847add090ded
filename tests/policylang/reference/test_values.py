from policylang.reference.values import ABSENT, FAULT, Mark


def test_marks_are_no_values() -> None:
    assert {FAULT, ABSENT} == set(Mark)
    assert not isinstance(FAULT, str | int | frozenset)
