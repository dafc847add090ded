"""Which values a condition can have where it is looked at, as far as the checker can prove that it cannot.

Law of this file: sound and incomplete, as the checker is: what is excluded here never happens; what never happens is not
always excluded.
"""

from collections.abc import Iterable, Sequence

from policylang.check import model
from policylang.check.environment import CellEnv
from policylang.check.expr_cases import Case, Mentions, cases_of
from policylang.check.expr_constant import in_case, types_in
from policylang.check.expr_contradiction import impossible
from policylang.coverage.conditions import Fact


def cases(module: model.CheckedModule, routes: Iterable[str]) -> tuple[Case, ...]:
    """Who can ask on some routes: an issuer's callers or anonymous ones, each once."""
    claims = {name: {claim.name: claim for claim in issuer.claims} for name, issuer in module.issuers.items()}
    cells: list[CellEnv] = []
    for name in routes:
        route = module.routes[name]
        issuers: list[str | None] = [*route.trust, *([None] if route.anonymous else [])]
        cells += [
            CellEnv(name, issuer, {} if issuer is None else claims[issuer], route.captures, None) for issuer in issuers
        ]
    return cases_of(cells, Mentions())


def possible(facts: Sequence[Fact], among: Iterable[Case]) -> bool:
    """Whether in some case all the conditions may have their values together."""
    return any(_possible_in(facts, case) for case in among)


def _possible_in(facts: Sequence[Fact], case: Case) -> bool:
    left: list[Fact] = []
    for condition, wanted in facts:
        rest = in_case(condition, case)
        if not isinstance(rest, bool):
            left.append((rest, wanted))
        elif rest is not wanted:
            return False
    return not impossible(left, types_in(case))
