import pytest

from policylang.diagnostics.model import Diagnostic
from tests.policylang.syntax.reading import read, tree


def refused(text: str) -> Diagnostic:
    """The only complaint about a text."""
    (only,) = read(text).diagnostics
    return only


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("allow", "this allow is not finished"),
        ("allow on b always", "expected a name for the rule after `allow`"),
        ("allow a on always", "expected a route name, `all` or `routes` after `on`"),
        ("allow a on b 3", "expected `always`, `for`, `when` or `,` after `b`"),
        ("allow a on b when ,", "expected a condition after `when`"),
        ("let x = claims", "this let is not finished"),
        ("let x = claims +", "expected a name with a dot (`.sub`) after `claims`"),
        ("let x = 1 + ,", "expected a value after `+`"),
        ("route r { upstream 3 }", 'expected text such as "…" or a setting after `upstream`'),
        ("route r { timeout 3s }", "expected `answer`, `connect` or `idle` after `timeout`"),
        ("issuer a { claims { b: 3 } }", "expected a type or `set` after `b:`"),
        ("issuer a { claims { b: slug default x } }", "expected a literal value after `default`"),
        ("policy p { rate 5 per 3 burst 5 }", "expected a duration such as 30s after `per`"),
        ("select policy on all { use 3 }", "expected a policy name or a reference such as `claims.sub` after `use`"),
        ("identity token on", "expected a name for the identity token after `token`"),
        ('test "x" { token 3 }', "expected an issuer, `absent`, `raw` or `with` after `token`"),
        ("response headers on a { remove 3 }", "expected a header name after `remove`"),
    ],
)
def test_the_title_says_what_was_expected(text: str, title: str) -> None:
    assert refused(text).title == title


def test_what_was_found_is_pointed_at_and_named() -> None:
    complaint = refused("allow a on b always\nallow 7 on b always")
    assert complaint.labels[0].text == "found `7`"
    assert tree("allow a on b always\nallow 7 on b always").text_of(complaint.span) == "7"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("alow a on b always", "allow"),
        ("Allow a on b always", "allow"),
        ("allow a on b alwasy", "always"),
        ("allow a on b wen claims.x", "when"),
        ("route r { matc GET on }", "match"),
        ('issuer a { keys fiel "x" }', "file"),
        ("limit l on r by identity { rate 5 per 1s burst 5 on outage dey }", "deny"),
        ("select policies on r { ad p always }", "add"),
    ],
)
def test_a_misspelled_word_has_its_fix(text: str, near: str) -> None:
    complaint = refused(text)
    assert complaint.code in {"R105", "R108"}
    assert complaint.help == (f"did you mean `{near}`?",)
    assert [edit.text for edit in complaint.edits] == [near]
    assert [edit.span for edit in complaint.edits] == [complaint.span]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("route limit { }", "a name for the route"),
        ("let text = 1", "a name"),
        ("secret secret", "a name for the secret"),
        ("allow a on host always", "a route name"),
        ("deny d on all when issuer is first", "an issuer"),
        ("route r { tags a, b, file }", "another name"),
    ],
)
def test_a_reserved_word_is_told_from_a_forgotten_name(text: str, wanted: str) -> None:
    complaint = refused(text)
    assert complaint.code == "R107"
    assert complaint.title.endswith(f"is a reserved word and cannot be {wanted}")


@pytest.mark.parametrize(
    "text", ["route r {", "route r { tags a,", "let x = ((1)", "let x = [", "issuer a { claims { b: slug }"]
)
def test_an_open_bracket_is_shown(text: str) -> None:
    complaint = refused(text)
    assert complaint.code == "R104"
    assert complaint.labels[1].text == "opened here"
    opened = complaint.labels[1].span
    assert tree(text).text_of(opened) in {"{", "(", "["}


def test_the_innermost_open_bracket_is_shown() -> None:
    text = "issuer a { claims { b: slug } claims {"
    assert refused(text).labels[1].span.start == len("language 1\n") + text.rindex("{")


@pytest.mark.parametrize("closing", ["}", ")", "]"])
def test_a_bracket_that_closes_nothing_is_named(closing: str) -> None:
    assert refused(f"let x = 1 {closing}").code == "R110"
    assert refused(closing).code == "R110"


def test_hints_say_how_to_send_a_value() -> None:
    complaint = refused("request headers on r { set X-User claims.sub }")
    assert complaint.help == ('write "{claims.sub}" to send the value as text',)
    assert refused("request headers on r { set x-user secret.k }").help == (
        'write a header name as X-User, or in quotes: "x-user"',
    )


def test_a_method_in_small_letters_is_a_method() -> None:
    assert refused("allow a on b for GET, put always").title == "the method `put` is not in capitals"
    assert refused('test "x" { request get "/" }').title == "the method `get` is not in capitals"
    assert refused("issuer a { algorithms es256 }").code == "R103"


def test_a_rule_without_a_condition_is_shown_whole() -> None:
    text = "shadow deny a on routes tagged t\nallow b on c always"
    complaint = refused(text)
    assert complaint.title == "this shadow deny has no condition"
    assert tree(text).text_of(complaint.span) == "shadow deny a on routes tagged t"
