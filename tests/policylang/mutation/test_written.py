from policylang.check.model import Lit
from policylang.mutation.written import QUOTED, Written
from policylang.source.spans import Span
from policylang.typesys.terms import Enum
from tests.policylang.mutation.mutated import BASE, rule_set

RULES = BASE + 'deny d on solo when ((claims.plan == "gold")) and ( "a" in claims.scope ) # why\n'


def written_and(text: str) -> tuple[Written, Span]:
    found = rule_set(RULES)
    start = found.tree.files[0].text.index(text)
    return found.written, Span(0, start, start + len(text))


def test_the_words_in_before_and_after_a_span() -> None:
    written, span = written_and('claims.plan == "gold"')
    assert [word.value for word in written.words(span)] == ["claims", ".plan", "==", '"gold"']
    assert (written.before(span).value, written.after(span).value) == ("(", ")")
    written, span = written_and("deny d")
    assert written.before(span).value == "always"
    written, span = written_and("language")
    assert written.before(span).value == "language", "there is nothing before it"


def test_parentheses_around_a_span() -> None:
    written, span = written_and('claims.plan == "gold"')
    assert written.tree.text_of(written.whole(span)) == '((claims.plan == "gold"))'
    written, span = written_and('"a" in claims.scope')
    assert written.tree.text_of(written.whole(span)) == '( "a" in claims.scope )'
    written, span = written_and('((claims.plan == "gold")) and ( "a" in claims.scope )')
    assert written.whole(span) == span, "those are of two parts"


def test_text_for_a_sentence_is_on_one_line_and_not_long() -> None:
    written, span = written_and('when ((claims.plan == "gold")) and ( "a" in claims.scope ) # why\n')
    assert written.text(span) == 'when ((claims.plan == "gold")) and ( "a" in claims.scope )'
    written, span = written_and(BASE.strip().splitlines()[0])
    assert written.text(span).endswith("…")
    assert len(written.text(span)) <= QUOTED + 1


def test_typed_literals_by_place() -> None:
    written, span = written_and('"gold")) and')
    found = written.literals[Span(0, span.start, span.start + 6)]
    assert isinstance(found, Lit)
    assert found.type == Enum(("free", "gold", "lead"))
    assert found.value == "gold"
