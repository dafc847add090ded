"""The arms of a select, typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policylang.check import errors_names
from policylang.check.environment import CellEnv, Sink
from policylang.check.ground import Ground
from policylang.check.infer import Purpose, check_condition, check_reference
from policylang.check.model import Policy, Ref, TypedExpr
from policylang.check.symbols import Symbols
from policylang.syntax import nodes
from policylang.typesys.terms import Enum, SetOf


@dataclass(frozen=True)
class TypedArm:
    """``policy`` is None where the arm refuses; ``when`` where the arm always holds or is the ``otherwise``."""

    node: nodes.Arm
    policy: str | Ref | None
    when: TypedExpr | None

    def named(self, policies: Mapping[str, Policy]) -> tuple[Policy, ...]:
        """The policies that the arm may come to, sorted by name."""
        if self.policy is None or isinstance(self.policy, str):
            names: Sequence[str] = () if self.policy is None else (self.policy,)
        else:
            term = self.policy.type.item if isinstance(self.policy.type, SetOf) else self.policy.type
            names = term.values if isinstance(term, Enum) else ()
        return tuple(policies[name] for name in names if name in policies)


def typed_arm(arm: nodes.Arm, select: nodes.Select, cells: Sequence[CellEnv], ground: Ground) -> TypedArm | None:
    """The arm, typed on the cells of its select; None after a complaint, or where there is no cell to judge it on."""
    names, sink = ground.names, ground.sink
    if not cells:
        return None
    when = None if arm.when is None else check_condition(arm.when, cells, names, sink)
    policy: str | Ref | None = None
    if isinstance(arm.policy, nodes.Name):
        policy = _existing(arm.policy, ground.symbols, sink)
    elif arm.policy is not None:
        purpose = Purpose.POLICY_NAMES if select.every else Purpose.POLICY_NAME
        policy = check_reference(arm.policy, cells, names, sink, purpose=purpose)
    if (policy is None and arm.policy is not None) or (when is None and arm.when is not None):
        return None
    return TypedArm(arm, policy, when)


def _existing(name: nodes.Name, symbols: Symbols, sink: Sink) -> str | None:
    if name.text in symbols.policies:
        return name.text
    near = symbols.guess(name.text, symbols.policies)
    sink.add(errors_names.unknown_name("policy", name.text, name.span, near))
    return None
