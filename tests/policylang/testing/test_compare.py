"""Every expectation both ways: what comes passes, and what does not is told with both sides."""

import pytest

from tests.policylang.testing.worlds import ASK, failures, passes, sides

METADATA = 'metadata { roles: ["b", "a"]  since: "2025-01-01T00:00:00Z" }'
FULL = f"{METADATA} {ASK}"
POST = 'given writer  token with { auth_time: 16min ago }  request POST "/v1/acme/orders"'


@pytest.mark.parametrize(
    ("steps", "right", "wrong", "told"),
    [
        (ASK, "allow", "deny 403", ("the answer", "deny 403", "allow by read")),
        (
            ASK,
            "allow",
            "deny 403 as denied by cross_tenant",
            ("the answer", "deny 403 as denied by cross_tenant", "allow by read"),
        ),
        ('request GET "/nowhere"', "deny 404", "allow", ("the answer", "allow", "deny 404 as no_route")),
        ('request GET "/nowhere"', "deny 404", "deny 405", ("the answer", "deny 405", "deny 404 as no_route")),
        (ASK, "allow by read", "allow by write", ("decided by", "write", "read")),
        (POST, "deny 401 by stale", "deny 401 by cross_tenant", ("decided by", "cross_tenant", "stale")),
        (POST, "deny 401 as step_up", "deny 401 as credential_missing", ("kind", "credential_missing", "step_up")),
        (ASK, "allow route orders", "allow route public", ("route", "public", "orders")),
        (ASK, "allow issuer corp", "allow issuer robots", ("issuer", "robots", "corp")),
        ('request GET "/health"', "allow", "allow issuer corp", ("issuer", "corp", "anonymous")),
        ('request GET "/nowhere"', "deny 404", "deny 404 route orders", ("route", "orders", "none")),
        (ASK, "allow policy free", "allow policy gold", ("policy", "gold", "free")),
        (ASK, "allow policy free", "allow policy free, gold", ("policy", "free, gold", "free")),
        (POST, 'deny 401 step_up "mfa"', "", ()),
        ('given ana request GET "/v1/x/orders"', "deny 403", 'deny 403 step_up "mfa"', ("step_up", '"mfa"', "none")),
        (ASK, 'allow header X-User "ana"', 'allow header X-User "bob"', ("header X-User", '"bob"', '"ana"')),
        (ASK, 'allow header "x_user" "ana"', 'allow header "x_user" absent', ("header x_user", "absent", '"ana"')),
        (ASK, "allow header X-Roles absent", 'allow header X-Roles ""', ("header X-Roles", '""', "absent")),
        (ASK, "allow header X-User present", "allow header X-Roles present", ("header X-Roles", "present", "absent")),
        (FULL, 'allow header X-Roles "a,b"', 'allow header X-Roles "b,a"', ("header X-Roles", '"b,a"', '"a,b"')),
        (
            ASK,
            "allow header X-Key secret.upstream_key",
            'allow header X-Key "x"',
            ("header X-Key", '"x"', '"test-secret-upstream_key"'),
        ),
        (
            ASK,
            "allow header X-Identity present",
            "allow header X-Identity absent",
            ("header X-Identity", "absent", '"(identity token inner)"'),
        ),
        (
            ASK,
            'allow response header X-Mode "free"',
            'allow response header X-Mode "gold"',
            ("response header X-Mode", '"gold"', '"free"'),
        ),
        (
            ASK,
            "allow response header Server absent",
            "allow response header X-Mode absent",
            ("response header X-Mode", "absent", '"free"'),
        ),
        (
            'request GET "/health"',
            "allow",
            "allow response header Server absent",
            ("response header Server", "absent", "passed on if the service sends it"),
        ),
        (
            ASK,
            'allow identity token inner { sub: "ana" }',
            'allow identity token inner { sub: "x" }',
            ("identity token inner sub", '"x"', '"ana"'),
        ),
        (
            ASK,
            'allow identity token inner { aud: "svc" }',
            'allow identity token inner { aud: "x" }',
            ("identity token inner aud", '"x"', '"svc"'),
        ),
        (
            ASK,
            "allow identity token inner { level: absent }",
            "allow identity token inner { level: 3 }",
            ("identity token inner level", "3", "absent"),
        ),
        (
            FULL,
            'allow identity token inner { roles: ["b", "a"] }',
            'allow identity token inner { roles: ["a"] }',
            ("identity token inner roles", '["a"]', '["a", "b"]'),
        ),
        (
            FULL,
            'allow identity token inner { roles: ["a", "b"] }',
            'allow identity token inner { roles: "a" }',
            ("identity token inner roles", '"a"', '["a", "b"]'),
        ),
        (
            FULL,
            'allow identity token inner { since: "2025-01-01T00:00:00Z" }',
            "allow identity token inner { since: absent }",
            ("identity token inner since", "absent", "1735689600"),
        ),
        (
            FULL,
            "allow identity token inner { since: 1735689600 }",
            "allow identity token inner { since: true }",
            ("identity token inner since", "true", "1735689600"),
        ),
        (ASK, "allow", "allow identity token inner absent", ("identity token inner", "absent", "minted")),
        (
            'request GET "/health"',
            "allow identity token inner absent",
            "allow identity token inner { }",
            ("identity token inner", "minted", "absent"),
        ),
        (
            ASK,
            "allow charged free rate, limit shared",
            "allow charged gold rate",
            ("charged", "gold rate", "free quota, free rate, limit shared"),
        ),
        ('request GET "/health"', "allow", "allow charged gold rate", ("charged", "gold rate", "none")),
        (ASK, "allow left 4 of free rate", "allow left 5 of free rate", ("left of free rate", "5", "4")),
        (
            ASK,
            "allow left 9 of limit shared",
            "allow left 9 of gold rate",
            ("left of gold rate", "9", "the request is not counted by it"),
        ),
        (
            ASK,
            "allow shadow deny no_level is true",
            "allow shadow deny no_level is false",
            ("shadow deny no_level", "false", "true"),
        ),
        (
            'request GET "/health"',
            "allow",
            "allow shadow deny no_level is true",
            ("shadow deny no_level", "true", "not asked"),
        ),
    ],
)
def test_an_expectation(steps: str, right: str, wrong: str, told: tuple[str, str, str]) -> None:
    assert passes(f"{steps} expect {right}")
    if wrong:
        assert sides(f"{steps} expect {wrong}") == [told]


def test_where_the_answer_is_another_one_only_that_is_told() -> None:
    found = sides(f'{ASK} header X-Trace "t" expect deny 403 by cross_tenant header X-User absent policy gold')
    assert [what for what, _, _ in found] == ["the answer"]


def test_all_that_is_wrong_of_an_answer_is_told_where_it_stands() -> None:
    found = failures(f'{ASK} expect allow by write header X-User "bob" policy gold')
    assert [failure.what for failure in found] == ["decided by", "header X-User", "policy"]
    assert len({failure.span for failure in found}) == 3
    assert all(failure.tree is not None and failure.tree.kind == "allow" for failure in found)


def test_without_the_facts_behind_the_gateway_nothing_is_said() -> None:
    assert passes(f"metadata down {ASK} expect deny 503 as render_fault")


def test_several_lines_of_one_header_are_not_one_value() -> None:
    sent = 'given ana request GET "/v1/acme/orders/1" header X-Other "a" header "x-other" "b"'
    assert sides(f'{sent} expect allow header X-Other "a"') == [("header X-Other", '"a"', '"a", "b"')]
