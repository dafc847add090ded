"""Operators on selects: an arm fewer, two arms in the other order."""

from collections.abc import Iterator
from itertools import pairwise

from policylang.mutation.mutant import Edit, Mutant
from policylang.mutation.written import Written
from policylang.source.spans import Span
from policylang.syntax import nodes


def selects(written: Written) -> Iterator[nodes.Select]:
    """Every select."""
    return (item for item in written.items() if isinstance(item, nodes.Select))


def drop_arms(written: Written) -> Iterator[Mutant]:
    """A select without one of its arms."""
    for select in selects(written):
        for arm in select.arms:
            hint = f"Expect the policy of a request that takes `{written.text(arm.span)}` and no other arm."
            yield Mutant("drop_arm", arm.span, arm.span, (Edit(arm.span, ""),), hint)


def swap_arms(written: Written) -> Iterator[Mutant]:
    """Two arms that follow one another, the other way round.

    Where all that hold are merged there is no order; nor is there one between arms that provably exclude each other.
    """
    for select in selects(written):
        if select.every:
            continue
        for first, second in pairwise(select.arms):
            if written.proofs.exclusive(first, second):
                continue
            texts = [written.tree.text_of(arm.span) for arm in (first, second)]
            shown = Span(first.span.file, first.span.start, second.span.end)
            edits = (Edit(first.span, texts[1]), Edit(second.span, texts[0]))
            hint = "Expect the policy of a request for which both arms hold."
            yield Mutant("swap_arms", first.span, shown, edits, hint)
