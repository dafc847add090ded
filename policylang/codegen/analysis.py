"""What a specialised expression depends on, and whether it may be without an answer where it stands.

``known`` are the references that have a value at a place, proved by the operands before it.
"""

from policylang.codegen.exprs import CONST, IDENTITY, REQUEST, TOKEN, inner
from policylang.codegen.narrowing import NOTHING, Known, narrowed
from policylang.plan.model import Expr

_STAGES = {
    "claim": TOKEN,
    "before": TOKEN,
    "meta": IDENTITY,
    "up": IDENTITY,
    "path": REQUEST,
    "header": REQUEST,
    "shadowed": REQUEST,
    "ip": REQUEST,
}


class Analysis:
    """Of one cell. ``optional`` are references that may be absent; the select's own stage and fault tell those of grants."""

    def __init__(self, optional: frozenset[Expr]) -> None:
        self._optional = optional
        self.select_stage = CONST
        self.select_faults = False
        self._stages: dict[Expr, int] = {}
        self._faults: dict[tuple[Expr, Known], bool] = {}

    def stage(self, expr: Expr) -> int:
        """The earliest stage that can evaluate the expression."""
        known = self._stages.get(expr)
        if known is None:
            own = self.select_stage if expr[0] == "grants" else _STAGES.get(expr[0], CONST)
            known = max([own, *map(self.stage, inner(expr))])
            if expr[0] == "older":
                # Facts of the token hold for an interval; those of the identity do not, so that age waits for the request.
                known = TOKEN if known <= TOKEN else REQUEST
            self._stages[expr] = known
        return known

    def stage_of(self, exprs: "list[Expr]") -> int:
        """The stage that can evaluate them all; TOKEN at least."""
        return max([TOKEN, *map(self.stage, exprs)])

    def optional(self, ref: Expr) -> bool:
        """Whether a reference may be absent."""
        return ref in self._optional or ref[0] in ("header", "shadowed", "absent")

    def reference_faults(self, ref: Expr) -> bool:
        """Whether asking for a reference, present or not, may have no answer."""
        return ref[0] in ("meta", "shadowed", "fault") or (ref[0] == "grants" and self.select_faults)

    def faults(self, expr: Expr, known: Known = NOTHING) -> bool:
        """Whether the expression may have no value where the references in ``known`` have one."""
        key = (expr, known)
        found = self._faults.get(key)
        if found is None:
            found = self._faults[key] = self._may_fault(expr, known)
        return found

    def _may_fault(self, expr: Expr, known: Known) -> bool:
        match expr[0]:
            case "and" | "or":
                for operand in expr[1:]:
                    if self.faults(operand, known):
                        return True
                    known |= narrowed(operand, expr[0] == "and")
                return False
            case "present":
                return self.reference_faults(expr[1])
            case "else":
                return self.reference_faults(expr[1]) or self.faults(expr[2], known)
            case "claim" | "meta" | "header" | "shadowed" | "grants" | "absent" | "fault":
                return self.reference_faults(expr) or (self.optional(expr) and expr not in known)
            case _:
                return any(self.faults(operand, known) for operand in inner(expr))
