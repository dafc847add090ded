import pytest

from tests.policylang.syntax.reading import covered, item, shape


@pytest.mark.parametrize(
    ("step", "meaning"),
    [
        ("allow", ("ExpectStep", ("Expected", True, None, ()), ())),
        ("deny 403", ("ExpectStep", ("Expected", False, ("Int", 403), ()), ())),
        ("row.answer", ("ExpectStep", ("RowRef", "answer"), ())),
        (
            "row.answer by r",
            ("ExpectStep", ("RowRef", "answer"), (("ExpectName", "by", (("Name", "r"),)),)),
        ),
    ],
)
def test_answers(step: str, meaning: object) -> None:
    assert shape(item(f'test "t" {{ expect {step} }}').steps) == (meaning,)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("by r", ("ExpectName", "by", (("Name", "r"),))),
        ("as denied", ("ExpectName", "as", (("Name", "denied"),))),
        ("as step_up", ("ExpectName", "as", (("Name", "step_up"),))),
        ("route r", ("ExpectName", "route", (("Name", "r"),))),
        ("issuer r", ("ExpectName", "issuer", (("Name", "r"),))),
        ("policy p, q", ("ExpectName", "policy", (("Name", "p"), ("Name", "q")))),
        ('step_up "a", "b"', ("ExpectStepUp", (("Str", "a", ()), ("Str", "b", ())))),
        ('header X-A "{v}"', ("ExpectHeader", "request", ("Name", "X-A"), "value", ("Str", "{v}", ()))),
        ("header X-A row.v", ("ExpectHeader", "request", ("Name", "X-A"), "value", ("RowRef", "v"))),
        ("header X-A secret.k", ("ExpectHeader", "request", ("Name", "X-A"), "secret", ("Name", "k"))),
        ('header "x-b" absent', ("ExpectHeader", "request", ("Str", "x-b", ()), "absent", None)),
        ("header X-A present", ("ExpectHeader", "request", ("Name", "X-A"), "present", None)),
        ("response header X-A absent", ("ExpectHeader", "response", ("Name", "X-A"), "absent", None)),
        ("identity token t absent", ("ExpectToken", ("Name", "t"), None)),
        (
            "identity token t { a: absent }",
            ("ExpectToken", ("Name", "t"), (("Fact", ("Name", "a"), "absent", None),)),
        ),
        (
            "charged p rate, limit q",
            ("ExpectCharged", (("Counter", "rate", ("Name", "p")), ("Counter", "limit", ("Name", "q")))),
        ),
        ("left 3 of p quota", ("ExpectLeft", ("Int", 3), ("Counter", "quota", ("Name", "p")))),
        ("left row.n of limit p", ("ExpectLeft", ("RowRef", "n"), ("Counter", "limit", ("Name", "p")))),
        ("shadow deny r is true", ("ExpectShadow", "shadow deny", ("Name", "r"), ("Bool", True))),
        ("shadow allow r is false", ("ExpectShadow", "shadow allow", ("Name", "r"), ("Bool", False))),
    ],
)
def test_expectations(text: str, meaning: object) -> None:
    (step,) = item(f'test "t" {{ expect deny 401 {text} }}').steps
    assert shape(step.answer.expectations) == (meaning,)


def test_an_expectation_covers_all_of_its_words() -> None:
    text = 'test "t" { expect allow response header X-A "b" identity token t { a: 1 } }'
    header, token = item(text).steps[0].answer.expectations
    assert covered(text, header) == 'response header X-A "b"'
    assert covered(text, token) == "identity token t { a: 1 }"
