"""Operators on whole rules: another effect, no rule, no exception, no end, more methods, no step-up."""

from collections.abc import Iterator

from policylang.mutation.mutant import Edit, Mutant, without
from policylang.mutation.written import Written
from policylang.source.spans import Span
from policylang.syntax import nodes


def rules(written: Written) -> Iterator[nodes.Rule]:
    """Every rule."""
    return (item for item in written.items() if isinstance(item, nodes.Rule))


def title(rule: nodes.Rule) -> str:
    """A rule as it is spoken of."""
    return f"{rule.effect} {rule.name.text}"


def swap_effects(written: Written) -> Iterator[Mutant]:
    """``allow`` becomes ``deny``, and the other way round."""
    for rule in rules(written):
        if rule.effect in {"allow", "deny"}:
            word = written.words(rule.span)[0]
            other = "deny" if rule.effect == "allow" else "allow"
            shown = rule.span.to(rule.name.span)
            hint = f"Send a request that {title(rule)} decides."
            yield Mutant("swap_effect", rule.span, shown, (written.edit(rule.span, word, other),), hint)


def drop_rules(written: Written) -> Iterator[Mutant]:
    """No such rule."""
    for rule in rules(written):
        hint = f"Send a request that {title(rule)} alone decides."
        if rule.effect.startswith("shadow"):
            hint = f"Expect what {title(rule)} says of a request."
        yield Mutant("drop_rule", rule.span, rule.span, (Edit(rule.span, ""),), hint)


def drop_exceptions(written: Written) -> Iterator[Mutant]:
    """A rule without its ``unless``."""
    for rule in rules(written):
        if rule.unless is not None:
            text = written.text(rule.unless.span)
            hint = f"Test {title(rule)} with a request for which its `when` is true and `{text}` too."
            yield _without_clause(written, "drop_unless", written.whole(rule.unless.span), hint)


def drop_ends(written: Written) -> Iterator[Mutant]:
    """A rule without its ``until``."""
    for rule in rules(written):
        if rule.until is not None:
            hint = f"Send a request after {rule.until.text} for which {title(rule)} would hold."
            yield _without_clause(written, "drop_until", rule.until.span, hint)


def drop_methods(written: Written) -> Iterator[Mutant]:
    """A rule for all methods; and for one fewer, where it names several."""
    for rule in rules(written):
        if not rule.methods:
            continue
        spans = [name.span for name in rule.methods]
        clause = Span(rule.span.file, spans[0].start, spans[-1].end)
        hint = f"Send a request with another method for which {title(rule)} would hold."
        yield _without_clause(written, "drop_methods", clause, hint)
        if len(spans) > 1:
            shown = Span(rule.span.file, written.before(clause).start, clause.end)
            for index, name in enumerate(rule.methods):
                hint = f"Send a {name.text} request that {title(rule)} decides."
                yield Mutant("drop_method", name.span, shown, (without(spans, index),), hint)


def drop_step_ups(written: Written) -> Iterator[Mutant]:
    """A deny that does not ask for a stronger login."""
    for rule in rules(written):
        if rule.step_up is not None:
            word = written.before(rule.step_up.span)
            clause = Span(rule.span.file, word.start, rule.step_up.span.end)
            hint = f"Expect the status 401 of a request that {title(rule)} decides."
            yield _without_clause(written, "drop_step_up", clause, hint)


def _without_clause(written: Written, operator: str, span: Span, hint: str) -> Mutant:
    """Drop what stands at a span and the word before it."""
    whole = Span(span.file, written.before(span).start, span.end)
    return Mutant(operator, whole, whole, (Edit(whole, ""),), hint)
