from policylang.check.environment import Sink
from policylang.check.symbols import GUESSES, Symbols, collect
from policylang.source.tree import tree_of
from policylang.syntax.parse import parse
from tests.policylang.check.rule_sets import CORP, ORDERS, told


def collected(*texts: str) -> tuple[Symbols, list[str]]:
    sink = Sink()
    files = {f"{index}.rules": f"language 1\n{text}" for index, text in enumerate(texts)}
    return collect(parse(tree_of(files)).rule_set, sink), [diagnostic.title for diagnostic in sink.found]


def test_every_kind_has_its_own_names() -> None:
    symbols, titles = collected(
        "setting x url\nsecret x\nlet x = true\npolicy x { }\nissuer x { }\nroute x { }\nallow x on x always\n"
        "limit x on x by route { rate 1 per 1s burst 1 on outage deny }\nidentity token x on x { }\ngiven x { }"
    )
    assert titles == []
    tables = (
        symbols.settings, symbols.secrets, symbols.lets, symbols.policies, symbols.issuers, symbols.routes,
        symbols.rules, symbols.limits, symbols.identity_tokens, symbols.givens,
    )  # fmt: skip
    assert [list(table) for table in tables] == [["x"]] * 10


def test_the_first_of_two_counts_and_both_are_kept_as_written() -> None:
    symbols, titles = collected('policy x { grants "a" }', 'policy x { grants "b" }\npolicy x { }')
    assert symbols.policies["x"].span.file == 0
    assert len(symbols.items) == 3
    assert titles == ["the policy `x` is declared twice"] * 2


def test_rules_of_all_effects_share_their_names() -> None:
    _, titles = collected("allow x on r always\ndeny x on r always\nshadow deny x on r always")
    assert titles == ["the rule `x` is declared twice"] * 2


def test_selects_headers_and_tests_have_no_names() -> None:
    symbols, _ = collected('select policy on r { }\nrequest headers on r { }\ntest "t" { }')
    assert (len(symbols.selects), len(symbols.headers), len(symbols.tests)) == (1, 1, 1)


def test_guessing_ends_after_enough_names() -> None:
    symbols = Symbols()
    guesses = [symbols.guess("ordrs", ["orders"]) for _ in range(GUESSES + 2)]
    assert guesses == ["orders"] * GUESSES + [None, None]


def test_words_of_the_language_are_no_names() -> None:
    for word in ("all", "anonymous"):
        tree = tree_of({"a.rules": f'language 1\nroute {word} {{ match GET on "/"  trust corp }}'})
        assert [diagnostic.code for diagnostic in parse(tree).diagnostics] == ["R107"]


def test_a_repeated_allow_is_no_reason_to_call_its_route_closed() -> None:
    assert told("deny read on orders when claims.risk absent\n") == ["R250"]


def test_many_rule_sets_do_not_share_state() -> None:
    first, _ = collected(CORP + ORDERS)
    second, _ = collected("")
    assert list(first.routes) == ["orders"]
    assert list(second.routes) == []
