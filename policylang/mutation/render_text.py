"""Mutation for people: the share that was noticed, then each survivor with the test that would notice it."""

from collections.abc import Iterator

from policylang.diagnostics.cells import printable
from policylang.mutation.judge import Fate
from policylang.mutation.report import Mutation

WIDTH = 160
_OTHERS: tuple[tuple[Fate, str], ...] = (
    ("refused", "refused by the checker"),
    ("equivalent", "without another meaning"),
    ("unseen", "that no rule test can see"),
)


def render_text(mutation: Mutation, base: str = "") -> str:
    """The report as lines; ``base`` is put before the paths of files."""
    return "\n".join(_lines(mutation, base)) + "\n"


def _lines(mutation: Mutation, base: str) -> Iterator[str]:
    fates = mutation.fates
    yield f"mutation: {fates['noticed']:,} of {mutation.ran:,} changes noticed, {mutation.percent:.1f} %"
    others = [f"{fates[fate]:,} {words}" for fate, words in _OTHERS if fates[fate]]
    if others:
        yield f"  not counted: {', '.join(others)}"
    left = mutation.made - len(mutation.judged)
    if left:
        yield f"  not tried: {left:,} of {mutation.made:,} changes, as a limit was given"
    for one in mutation.survivors:
        mutant = one.mutant
        source = mutation.tree.files[mutant.span.file]
        line, column = source.position(mutant.span.start)
        yield ""
        yield f"{printable(base + source.path)}:{line}:{column}: no test notices {mutant.operator}"
        yield f"  - {printable(_cut(mutant.before(mutation.tree)))}"
        yield f"  + {printable(_cut(mutant.after(mutation.tree) or '(nothing)'))}"
        yield f"  {printable(mutant.hint)}"


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"
