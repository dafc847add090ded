import pytest

from policylang.syntax.expected import in_words, wanted_name

SPELLING = {
    "WHEN": "when",
    "ALWAYS": "always",
    "FOR": "for",
    "RBRACE": "}",
    "COMMA": ",",
    "NOT": "not",
    "HEADER": "header",
}


@pytest.mark.parametrize(
    ("accepted", "previous", "phrase"),
    [
        (set(), "ON", "nothing more"),
        ({"NAME"}, "ON", "a route name"),
        ({"NAME"}, "COMMA", "another name"),
        ({"NAME"}, "EQUAL", "a name"),
        ({"WHEN", "ALWAYS", "FOR", "COMMA"}, "NAME", "`always`, `for`, `when` or `,`"),
        ({"RBRACE", "KEY"}, "LBRACE", "a name with a colon (`sub:`) or `}`"),
        ({"STRING", "SETTING"}, "ISS", 'text such as "…" or a setting'),
        ({"STRING", "PROPER"}, "SET", "a header name"),
        ({"PROPER"}, "FOR", "a method"),
        ({"PROPER"}, "ALGORITHMS", "an algorithm"),
        ({"PROPER"}, "COMMA", "a word with a capital"),
        ({"TIMESTAMP"}, "UNTIL", "an instant such as 2026-03-01T00:00:00Z"),
        ({"CLAIMS", "METADATA", "POLICY", "PATH", "CLIENT", "PEER"}, "BY", "a reference such as `claims.sub`"),
        ({"STRING", "NUMBER", "SIGN", "TRUE", "FALSE", "LSQB"}, "DEFAULT", "a literal value"),
        ({"FOR", "$END"}, "NAME", "`for` or the next item"),
    ],
)
def test_token_names_become_words(accepted: set[str], previous: str, phrase: str) -> None:
    assert in_words(accepted, previous, "ALLOW", SPELLING) == phrase


def test_a_long_list_is_cut() -> None:
    spelling = {f"W{n}": f"word{n:02}" for n in range(30)}
    phrase = in_words(set(spelling), "ON", "ALLOW", spelling)
    assert phrase.count("`word") == 11
    assert phrase.endswith("or something else of its kind")


def test_a_name_is_called_by_what_it_names() -> None:
    assert wanted_name("TOKEN", "IDENTITY") == "a name for the identity token"
    assert wanted_name("TOKEN", "TEST") == "an issuer"
    assert wanted_name("POLICY", "POLICY") == "a name for the policy"
    assert wanted_name("POLICY", "TEST") == "a policy name"
