"""Scenes: peeling lets, and complaints from inside them."""

from policylang.check.environment import Sink
from policylang.check.expr_scene import GUESSING_ENDS, Scene, complain
from policylang.diagnostics.model import Diagnostic, Label
from policylang.source.spans import Span
from policylang.syntax import nodes
from tests.policylang.check.expr_world import world

HERE, THERE = Span(0, 1, 2), Span(0, 5, 6)


def problem(code: str = "R218", at: Span = HERE) -> Diagnostic:
    return Diagnostic(code, "something", (Label(at),))


def test_complaints_outside_lets_go_to_the_sink() -> None:
    sink = Sink()
    complain(sink, problem(), None)
    assert sink.found == [problem()]


def test_complaints_inside_lets_name_the_first_use_only() -> None:
    sink = Sink()
    for number in range(200):
        complain(sink, problem(), THERE)
        complain(sink, problem(at=Span(0, 100 + number, 200)), None)
    assert [one.labels for one in sink.found if one.span == HERE] == [
        (Label(HERE), Label(THERE, "the let is used here"))
    ]


def test_another_complaint_about_the_same_let_is_kept() -> None:
    sink = Sink()
    complain(sink, problem("R218"), THERE)
    complain(sink, problem("R219"), THERE)
    assert [one.code for one in sink.found] == ["R218", "R219"]


def test_peeling_remembers_the_outermost_use() -> None:
    here = world("let alpha = beta\nlet beta = claims.admin\ndeny it on all when alpha")
    rule = next(item for item in here.items if isinstance(item, nodes.Rule))
    assert rule.when is not None
    scene = Scene((), here.names, Sink())
    inner, within = scene.peel(rule.when)
    assert isinstance(inner, nodes.Ref)
    assert within.use == rule.when.span
    assert scene.peel(inner) == (inner, scene)


def test_what_is_above() -> None:
    scene = Scene((), world("").names, Sink())
    assert scene.under_not().negated
    assert not scene.under_not().under_not().negated
    assert scene.under("and").under("or").parent == "or"
    assert scene.under_not().parent == "not"


def test_near_misses_are_not_looked_up_for_ever() -> None:
    scene = Scene((), world("").names, Sink())
    assert scene.near("rsik", ["risk"]) == "risk"
    assert scene.near("z", ["x"]) is None
    for number in range(GUESSING_ENDS):
        scene.complain(problem(at=Span(0, number, number + 1)))
    assert scene.near("rsik", ["risk"]) is None
