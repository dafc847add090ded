"""Whether facts fit the rules in force: their metadata block, told by member."""

from collections.abc import Mapping
from typing import Any

from gateway.admin.problems import Problem, Trouble
from policylang.embed import FieldProblem, field_problems, plan_model, type_term


def check_facts(plan: plan_model.Plan, facts: Mapping[str, Any], pointer: str) -> None:
    """Raise the problem of an identity's facts that do not decode by the rules. ``pointer``: where they are in the body."""
    _raise(field_problems(_specs(plan), facts), _specs(plan), pointer)


def check_key_facts(plan: plan_model.Plan, facts: Mapping[str, Any], pointer: str) -> None:
    """The same for facts of a key: they stand in the place of an identity's, so that none of them has to be there."""
    problems = [one for one in field_problems(_specs(plan), facts) if one.kind != "missing"]
    _raise(problems, _specs(plan), pointer)


def _specs(plan: plan_model.Plan) -> tuple[plan_model.Claim, ...]:
    return () if plan.metadata is None else plan.metadata.fields


def _raise(problems: list[FieldProblem], specs: tuple[plan_model.Claim, ...], pointer: str) -> None:
    if problems:
        raise Problem("refused", errors=[_trouble(one, specs, pointer) for one in problems])


def _trouble(problem: FieldProblem, specs: tuple[plan_model.Claim, ...], pointer: str) -> Trouble:
    spec = problem.spec
    if problem.kind == "unknown" or spec is None:
        declared = (
            f"the rules declare {', '.join(one.source[0] for one in specs)}" if specs else "the rules declare none"
        )
        hint = "" if spec is None else f"; did you mean `{spec.source[0]}`?"
        return Trouble(pointer, f"member {problem.member} of it is no field of metadata: {declared}{hint}")
    found = f", found {problem.found}" if problem.found else ", and there is no such member"
    return Trouble(f"{pointer}/{_escaped(spec.source[0])}", f"expected {type_term(spec.type)}{found}")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")  # RFC 6901 section 3
