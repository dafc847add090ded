import pytest

from policylang.plan.steps import STRIDE, Pace, Steps, run


def test_due_once_for_each_stride() -> None:
    pace = Pace()
    due = [pace.due() for _ in range(3 * STRIDE)]
    assert [i for i, yes in enumerate(due, start=1) if yes] == [STRIDE, 2 * STRIDE, 3 * STRIDE]
    assert pace.nodes == 3 * STRIDE


def test_full_counts_nothing() -> None:
    pace = Pace()
    assert not pace.full()
    pace.nodes += STRIDE
    assert pace.full()
    assert not pace.full()
    assert pace.nodes == STRIDE


def test_run_returns_what_the_steps_return() -> None:
    def steps() -> Steps[str]:
        yield
        yield
        return "done"

    assert run(steps()) == "done"


def test_run_passes_errors_on() -> None:
    def steps() -> Steps[None]:
        yield
        raise KeyError("x")

    with pytest.raises(KeyError):
        run(steps())
