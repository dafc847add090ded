"""All mutants of a rule set, in the order of the source, and a selection of them that is the same at every run."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b

from policylang.mutation.comparisons import flip_tests
from policylang.mutation.constants import change_constants
from policylang.mutation.headers import drop_headers, drop_identity_tokens, drop_omits
from policylang.mutation.issuers import drop_algorithms, drop_audiences
from policylang.mutation.junctions import drop_parts, flip_junctions, negate
from policylang.mutation.limits import change_amounts, drop_grants, drop_limits
from policylang.mutation.mutant import Edit, Mutant
from policylang.mutation.routes import drop_trust, widen_paths
from policylang.mutation.rules import (
    drop_ends,
    drop_exceptions,
    drop_methods,
    drop_rules,
    drop_step_ups,
    swap_effects,
)
from policylang.mutation.scopes import narrow_scopes, widen_scopes
from policylang.mutation.selects import drop_arms, swap_arms
from policylang.mutation.written import Written

OPERATORS: tuple[Callable[[Written], Iterator[Mutant]], ...] = (
    drop_parts,
    flip_junctions,
    flip_tests,
    negate,
    change_constants,
    swap_effects,
    drop_rules,
    drop_exceptions,
    drop_ends,
    drop_methods,
    drop_step_ups,
    narrow_scopes,
    widen_scopes,
    drop_arms,
    swap_arms,
    widen_paths,
    drop_trust,
    drop_audiences,
    drop_algorithms,
    drop_headers,
    drop_omits,
    drop_identity_tokens,
    change_amounts,
    drop_grants,
    drop_limits,
)


def mutants_of(written: Written) -> tuple[Mutant, ...]:
    """Every mutant once: two operators may come to the same text."""
    found: dict[tuple[Edit, ...], Mutant] = {}
    for operator in OPERATORS:
        for mutant in operator(written):
            found.setdefault(mutant.edits, mutant)
    return tuple(sorted(found.values(), key=lambda mutant: (mutant.span, mutant.operator, mutant.edits)))


def in_turn(mutants: Sequence[Mutant], written: Written) -> list[Mutant]:
    """The mutants in an order that is spread over the rule set and stays the same while other rules change."""
    tree = written.tree

    def rank(mutant: Mutant) -> bytes:
        parts = (mutant.operator, tree.files[mutant.span.file].path, mutant.before(tree), mutant.after(tree))
        return blake2b("\0".join(parts).encode(), digest_size=16).digest()

    return sorted(mutants, key=lambda mutant: (rank(mutant), mutant.span))
