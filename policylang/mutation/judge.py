"""Whether the tests notice: every mutant is made, and the cases are run on it until one of them fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from policylang.codegen.compiled import CompiledPlan
from policylang.mutation.affected import Makings
from policylang.mutation.mutant import Mutant
from policylang.mutation.variant import Variant, Variants
from policylang.testing.fixtures import made_up_secrets
from policylang.testing.model import Case, Engines
from policylang.testing.suite import run_case

Fate = Literal[
    "noticed",  # a test fails
    "survived",  # none does
    "equivalent",  # the plan means the same, or the same as another mutant's
    "refused",  # the checker does not let it pass
    "unseen",  # no rule test can tell
]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a mutant; ``by`` is the title of a case that noticed it."""

    mutant: Mutant
    fate: Fate
    by: str = ""


def judge(
    mutants: Sequence[Mutant], variants: Variants, cases: Sequence[Case], limit: int | None, told: Callable[[int], None]
) -> tuple[Judged, ...]:
    """The fates of mutants, in the order given; no more once ``limit`` of them were run.

    ``told`` hears how many mutants are done.

    Raises:
        ValueError: the rule set has errors, or a case fails on it as it is.
    """
    judging = _Judging(variants, cases)
    found: list[Judged] = []
    ran = 0
    for mutant in mutants:
        if limit is not None and ran >= limit:
            break
        one = judging.fate(mutant)
        found.append(one)
        ran += one.fate in {"noticed", "survived"}
        told(len(found))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Known:
    """A case and the routes that its requests come to."""

    case: Case
    routes: frozenset[str]


class _Judging:
    def __init__(self, variants: Variants, cases: Sequence[Case]) -> None:
        self._variants = variants
        original = variants.original()
        self._makings = Makings(original.plan)
        self._digests = {original.plan.semantic}
        engines = _engines(original)
        # The quick ones first: a case that repeats a request a thousand times is seldom the one that is needed.
        self._cases = [_known(case, engines) for case in sorted(cases, key=_requests)]

    def fate(self, mutant: Mutant) -> Judged:
        """What becomes of one mutant."""
        if mutant.unseen:
            return Judged(mutant, "unseen")
        variant = self._variants.of(mutant)
        if variant is None:
            return Judged(mutant, "refused")
        if variant.plan.semantic in self._digests:
            return Judged(mutant, "equivalent")
        self._digests.add(variant.plan.semantic)
        by = self._noticed(variant)
        return Judged(mutant, "survived") if by is None else Judged(mutant, "noticed", by)

    def _noticed(self, variant: Variant) -> str | None:
        """The title of the first case that fails. It is asked first of the next mutant, which is most likely beside it."""
        changed = self._makings.changed(Makings(variant.plan))
        engines = _engines(variant)
        for index, known in enumerate(self._cases):
            if changed is not None and changed.isdisjoint(known.routes):
                continue
            if not run_case(known.case, engines).passed:
                self._cases.insert(0, self._cases.pop(index))
                return known.case.title
        return None


def _engines(variant: Variant) -> Engines:
    compiled = CompiledPlan(variant.plan, made_up_secrets(variant.plan.secrets))
    return Engines(compiled, variant.module, "spared")


def _requests(case: Case) -> int:
    return sum(step.times for step in case.steps)


def _known(case: Case, engines: Engines) -> _Known:
    outcome = run_case(case, engines)
    if not outcome.passed:
        raise ValueError(f"the test {case.title!r} fails on the rules as they are")
    routes = (answer.decision.route for answer in outcome.answers)
    return _Known(case, frozenset(route for route in routes if route is not None))
