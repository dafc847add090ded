"""Things in order, each bound at its own stage: neighbours that an earlier stage can make are made there, as one."""

import ast
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby

from policylang.codegen.exprs import CONST, TOKEN
from policylang.codegen.writer import Item, Writer


@dataclass(frozen=True, slots=True)
class Member:
    """One of them. ``several``: its value is a run of them already. ``at`` is a position."""

    stage: int
    build: Callable[[Writer], ast.expr]
    at: int
    several: bool = False


Combine = Callable[[Writer, list[tuple[ast.expr, bool]]], ast.expr]
"""Makes a run of elements, each with whether it is a run itself."""


def series(key: Hashable, members: Sequence[Member], combine: Combine) -> Item:
    """All of them as an item of the stage that the latest of them needs."""
    if not members:
        return Item(key, CONST, lambda writer: combine(writer, []))
    stage = max([TOKEN, *(member.stage for member in members)])

    def build(writer: Writer) -> ast.expr:
        elements: list[tuple[ast.expr, bool]] = []
        done = 0
        for early, run in groupby(members, key=lambda member: max(TOKEN, member.stage) < writer.stage):
            together = list(run)
            if early:
                elements.append((writer.use(series((key, done), together, combine)), True))
            else:
                for member in together:
                    with writer.placed(member.at):
                        elements.append((member.build(writer), member.several))
            done += len(together)
        return combine(writer, elements)

    return Item((key, len(members)), stage, build, members[0].at)
