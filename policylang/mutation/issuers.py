"""Operators on issuers: an audience fewer, an algorithm fewer."""

from collections.abc import Iterator, Sequence

from policylang.mutation.mutant import Mutant, without
from policylang.mutation.written import Written
from policylang.source.spans import Span
from policylang.syntax import nodes

VERIFIED = "In a rule test every token counts as verified, whatever its algorithm."


def drop_audiences(written: Written) -> Iterator[Mutant]:
    """An issuer that takes tokens for one audience fewer."""
    for issuer in _issuers(written):
        for audience in issuer.audience:
            for index, one in enumerate(audience):
                hint = f"Send a token of {issuer.name.text} whose `aud` is {written.text(one.span)} alone."
                yield from _dropped(written, "drop_audience", [one.span for one in audience], index, hint)


def drop_algorithms(written: Written) -> Iterator[Mutant]:
    """An issuer that may sign in one way fewer."""
    for issuer in _issuers(written):
        for algorithms in issuer.algorithms:
            for index, one in enumerate(algorithms):
                hint = f"Send the gateway itself a token of {issuer.name.text} signed by {one.text}."
                yield from _dropped(written, "drop_algorithm", [one.span for one in algorithms], index, hint, VERIFIED)


def _issuers(written: Written) -> Iterator[nodes.Issuer]:
    return (item for item in written.items() if isinstance(item, nodes.Issuer))


def _dropped(
    written: Written, operator: str, spans: Sequence[Span], index: int, hint: str, unseen: str = ""
) -> Iterator[Mutant]:
    if len(spans) > 1:
        shown = Span(spans[0].file, written.before(spans[0]).start, spans[-1].end)
        yield Mutant(operator, spans[index], shown, (without(spans, index),), hint, unseen)
