import pytest

from policylang.syntax import nodes
from policylang.syntax.grammar import exclusive_grammar
from policylang.syntax.lalr import END, Machine
from policylang.syntax.words import Word


def machine_after(text: str) -> tuple[Machine, bool]:
    with exclusive_grammar() as grammar:
        machine = grammar.machine()
        words = list(grammar.scanner.words(text, 0, []))[:-1]
        return machine, all(machine.feed(word) for word in words)


def test_a_whole_item_is_built_when_it_ends() -> None:
    machine, taken = machine_after("secret key")
    assert taken
    item = machine.finish()
    assert isinstance(item, nodes.Secret)
    assert item.name.text == "key"


@pytest.mark.parametrize("text", ["", "secret", "allow a on b", "route a {", "let x = ("])
def test_half_an_item_is_none(text: str) -> None:
    machine, taken = machine_after(text)
    assert taken
    assert machine.finish() is None


def test_after_a_refusal_the_machine_says_what_it_would_have_taken() -> None:
    machine, taken = machine_after("allow a on b always never")
    assert not taken
    assert machine.accepted() == {"UNTIL", "ANSWER", END}
    assert machine.would_take("UNTIL", "TIMESTAMP")
    assert machine.would_take("ANSWER", "STEP_UP", "STRING", END)
    assert not machine.would_take("UNTIL", "STRING")
    assert not machine.would_take("WHEN")


def test_the_answer_is_that_of_the_state_before_the_refused_word() -> None:
    """LALR may reduce on a word before it refuses it: `}` could follow an expression elsewhere, in a select."""
    machine, taken = machine_after("allow a on b when claims.x }")
    assert not taken
    assert {"AND", "OR", "CMP", "PRESENT", "UNTIL"} <= machine.accepted()
    assert "RBRACE" not in machine.accepted()


def test_an_item_that_a_word_did_not_belong_to_can_still_be_finished() -> None:
    machine, taken = machine_after("allow a on b when claims.x deny")
    assert not taken
    assert isinstance(machine.finish(), nodes.Rule)


def test_words_are_taken_as_far_as_the_grammar_goes() -> None:
    with exclusive_grammar() as grammar:
        words = list(grammar.scanner.words("allow a on b always never", 0, []))[:-1]
        machine = grammar.machine()
        assert machine.run(words, 0, 2) == 2
        assert machine.run(words, 2, 2) == 2
        assert machine.refused_at is None
        assert machine.run(words, 2, len(words)) == 5
        assert machine.accepted() == {"UNTIL", "ANSWER", END}


def test_machines_share_tables_and_nothing_else() -> None:
    one, _ = machine_after("secret")
    other, _ = machine_after("let x =")
    assert one.tables is other.tables
    assert one.feed(Word("NAME", "k", 0, 1))
    assert one.finish() is not None
    assert other.finish() is None
