"""The verdicts that refuse, from the rules that do not let a request through."""

from collections.abc import Mapping
from typing import Literal

from policylang.runtime.verdict import Verdict

Shadows = tuple[tuple[int, bool | None], ...]


def objection(acr: Mapping[int, str], objections: tuple[tuple[int, bool | None], ...], shadows: Shadows) -> Verdict:
    """The verdict of denies that are true or have no answer (None); one at least. ``acr`` is by step-up rule.

    A plain deny comes before those that ask for a stronger login (RFC 9470), and these before any without an answer.
    """
    true = sorted(rule for rule, value in objections if value)
    plain = [rule for rule in true if rule not in acr]
    if plain:
        return Verdict("denied", plain[0], shadows=shadows)
    if true:
        return Verdict("step_up", true[0], acr=tuple(sorted({acr[rule] for rule in true})), shadows=shadows)
    faults = tuple(sorted(rule for rule, _ in objections))
    return Verdict("deny_fault", faults[0], faults=faults, shadows=shadows)


def withheld(
    otherwise: Literal["no_allow", "credential_required"], faults: tuple[int, ...], shadows: Shadows
) -> Verdict:
    """The verdict when no allow is true; ``faults`` are the allows without an answer."""
    if faults:
        ordered = tuple(sorted(faults))
        return Verdict("allow_fault", ordered[0], faults=ordered, shadows=shadows)
    return Verdict(otherwise, shadows=shadows)
