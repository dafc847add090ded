"""Test blocks as wholes: the order of their steps, their titles, fixtures, and files of tests."""

import pytest

from tests.policylang.check.rule_sets import CORP, ORDERS, checked, only, told

ASK = 'request GET "/v1/acme/orders/1"'
OK = 'token corp { sub: "u"  tenant: "acme"  scope: "" }'


def block(steps: str = "", title: str = "t") -> str:
    return f'test "{title}" {{ {steps} }}\n'


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ("", "sends no request"),
        (OK, "sends no request"),
        (ASK, "expects nothing"),
        ("expect allow", "expects an answer before any request"),
        (f"expect allow {ASK}", "expects an answer before any request"),
        (f"repeat 3 {ASK} expect allow", "repeats a request before any request"),
        (f"{ASK} expect deny 401 {ASK}", "expects nothing of its last request"),
        (f"{ASK} expect deny 401 repeat 1", "expects nothing of its last request"),
        (f"{OK} at 2026-01-01T00:00:00Z {ASK} expect allow", "sets the clock after its token was made"),
        (f"at 9000-01-01T00:00:00Z {ASK} expect deny 401", "goes beyond the year 9000"),
        (f"at 8999-12-31T23:59:59Z {ASK} after 1s repeat 1 expect deny 401", "goes beyond the year 9000"),
        (f"token with {{ sub: absent }} {ASK} expect deny 401", "changes a token before it has one"),
        (f'token raw "1" token with {{ sub: absent }} {ASK} expect deny 401', "changes a token before it has one"),
    ],
)
def test_a_test_that_proves_nothing(steps: str, reason: str) -> None:
    found = only(block(steps))
    assert (found.code, found.title) == ("R743", f'the test "t" {reason}')


def test_a_limit_used_up_after_the_last_request() -> None:
    text = "policy free { quota 5 per day }\nselect policy on orders { use free otherwise }\n"
    assert told(text + block(f"{OK} {ASK} expect allow used 3 of free quota")) == ["R743"]


@pytest.mark.parametrize(
    "steps",
    [
        f"{ASK} expect deny 401",
        f"{ASK} {ASK} expect deny 401",
        f"{ASK} expect deny 401 repeat 3 after 1s repeat 2 expect deny 401",
        f"at 2026-01-01T00:00:00Z {OK} {ASK} expect allow at 2026-01-02T00:00:00Z repeat 1 expect deny 401",
        f"{OK} {ASK} expect allow token with {{ sub: absent }} repeat 1 expect deny 401",
        f"{OK} {ASK} expect allow token absent repeat 1 expect deny 401 as credential_missing",
        f'token raw "]" {ASK} expect deny 401',
        f"metadata down {ASK} expect deny 401",
    ],
)
def test_sequences(steps: str) -> None:
    assert told(block(steps)) == []


@pytest.mark.parametrize(("count", "codes"), [(0, ["R259"]), (1, []), (10_000, []), (10_001, ["R259"])])
def test_repetitions_are_bounded(count: int, codes: list[str]) -> None:
    assert told(block(f"{ASK} repeat {count} expect deny 401")) == codes


def test_titles_are_names() -> None:
    assert told(block(f"{ASK} expect deny 401") * 2) == ["R250"]


def test_a_mistake_in_a_fixture_is_told_once_however_many_tests_use_it() -> None:
    given = 'given ana { token corp { sbu: "u" } }\n'
    tests = "".join(block(f"given ana {ASK} expect deny 401", str(number)) for number in range(200))
    assert told(given + tests) == ["R740"]


def test_a_fixture_that_nobody_uses_is_checked_too() -> None:
    result = checked('given ana { token corp { sbu: "u" } }\n' + CORP + ORDERS)
    assert [(d.code, d.severity) for d in result.diagnostics] == [("R750", "warning"), ("R740", "error")]


def test_fixtures_are_names() -> None:
    text = "given ana { token absent }\ngiven ana { metadata down }\n"
    assert told(text + block(f"given ana {ASK} expect deny 401")) == ["R250"]
    found = only(
        block(f"given anna {ASK} expect deny 401")
        + block(f"given ana {ASK} expect deny 401", "u")
        + "given ana { token absent }\n"
    )
    assert (found.code, found.help) == ("R252", ("did you mean `ana`?",))


def test_the_module_keeps_tests_and_fixtures_as_written() -> None:
    text = "given ana { token absent }\n" + block(f"given ana {ASK} expect deny 401")
    module = checked(text + CORP + ORDERS).module
    assert module is not None
    assert [test.title.value for test in module.tests] == ["t"]
    assert list(module.givens) == ["ana"]
    assert len(module.tests[0].steps) == 3


def test_a_file_of_tests_holds_tests_alone() -> None:
    others = {
        "a.tests.rules": "given ana { token absent }\n" + block(f"given ana {ASK} expect deny 401"),
        "b.tests.rules": "deny all_of_it on orders always\nsecret k\nresponse headers on orders { remove Server }\n",
    }
    result = checked(CORP + ORDERS, others=others)
    told_of = [(d.code, d.title) for d in result.diagnostics if d.severity == "error"]
    assert told_of == [
        ("R751", "this deny stands in a file of tests"),
        ("R751", "this secret stands in a file of tests"),
        ("R751", "this headers block stands in a file of tests"),
    ]
    assert result.module is None
