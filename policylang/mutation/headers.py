"""Operators on what is said upstream and back: a header line fewer, one that is not left out, an identity token fewer."""

from collections.abc import Iterator

from policylang.mutation.mutant import Edit, Mutant, without
from policylang.mutation.written import Written
from policylang.source.spans import Span
from policylang.syntax import nodes


def drop_headers(written: Written) -> Iterator[Mutant]:
    """A block without one of its lines; without one of the names that a line removes."""
    for block in (item for item in written.items() if isinstance(item, nodes.Headers)):
        for operation in block.operations:
            dropped = block.span if len(block.operations) == 1 else operation.span
            if isinstance(operation, nodes.SetHeader):
                hint = f"Expect {_word(block)}header {name_of(operation.name)} of an allowed request."
                yield Mutant("drop_header", operation.span, operation.span, (Edit(dropped, ""),), hint)
                continue
            spans = [name.span for name in operation.names]
            for index, name in enumerate(operation.names):
                edit = without(spans, index) if len(spans) > 1 else Edit(dropped, "")
                hint = f"Expect {_word(block)}header {name_of(name)} absent."
                yield Mutant("drop_removal", name.span, operation.span, (edit,), hint)


def _word(block: nodes.Headers) -> str:
    return "response " if block.direction == "response" else ""


def name_of(name: nodes.Name | nodes.Str) -> str:
    """A header name as written, without quotes."""
    return name.text if isinstance(name, nodes.Name) else name.value


def drop_omits(written: Written) -> Iterator[Mutant]:
    """A header that is never left out."""
    for block in (item for item in written.items() if isinstance(item, nodes.Headers)):
        for operation in block.operations:
            if isinstance(operation, nodes.SetHeader) and operation.omit is not None:
                start = next(word.start for word in reversed(written.words(operation.span)) if word.type == "OMIT")
                clause = Span(operation.span.file, start, operation.span.end)
                hint = f"Expect header {name_of(operation.name)} absent of a request for which it is {operation.omit}."
                yield Mutant("drop_omit", clause, operation.span, (Edit(clause, ""),), hint)


def drop_identity_tokens(written: Written) -> Iterator[Mutant]:
    """No such identity token; and the token without one of its claims."""
    for token in (item for item in written.items() if isinstance(item, nodes.IdentityToken)):
        hint = f"Expect identity token {token.name.text} of an allowed request."
        yield Mutant("drop_identity_token", token.span, token.span, (Edit(token.span, ""),), hint)
        for minted in (minted for claims in token.claims for minted in claims):
            hint = f"Expect {minted.name.text} in identity token {token.name.text}."
            yield Mutant("drop_minted_claim", minted.span, minted.span, (Edit(minted.span, ""),), hint)
