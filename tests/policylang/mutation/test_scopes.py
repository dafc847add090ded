import pytest

from policylang.mutation.scopes import MOST, reach, scoped
from tests.policylang.mutation.mutated import BASE, NOTICED, ROUTES, asking, fates, rule_set

TAGGED = """
route third { match GET on "/third"   trust corp   upstream "http://127.0.0.1:9"   tags inner }
route open { match GET on "/open"   trust anonymous   upstream "http://127.0.0.1:9"   tags inner }
allow y on third, open always
"""
DENIED = 'when header["X-Bad"] present\n'


@pytest.mark.parametrize(
    ("scope", "routes", "narrowed", "widened"),
    [
        ("solo", ("solo",), [], ["on solo, both", "on solo, open", "on solo, third"]),
        ("solo, both", ("both", "solo"), ["on both", "on solo"], ["on solo, both, open", "on solo, both, third"]),
        ("routes tagged inner", ("open", "third"), ["on third", "on open"], []),
        ("routes with path.tenant", ("both",), [], []),
        ("routes trusting partner", ("both",), [], []),
        ("routes trusting anonymous", ("open",), [], []),
        ("routes trusting corp", ("both", "solo", "third"), ["on solo, third", "on both, third", "on both, solo"], []),
        ("all", ("both", "open", "solo", "third"),
         ["on open, solo, third", "on both, solo, third", "on both, open, third", "on both, open, solo"], []),
    ],
)  # fmt: skip
def test_the_mutants(scope: str, routes: tuple[str, ...], narrowed: list[str], widened: list[str]) -> None:
    found = rule_set(f"{BASE}{TAGGED}deny d on {scope} {DENIED}")
    (own,) = [one for one in scoped(found.written) if one.owner == "deny d"]
    assert reach(own.scope, found.written.module) == routes
    before = f"on {scope}"
    for operator, changes in (("narrow_scope", narrowed), ("widen_scope", widened)):
        mutants = [one for one in found.mutants(operator) if one.span == own.scope.span]
        assert {mutant.before(found.tree) for mutant in mutants} <= {before}
        assert sorted(mutant.after(found.tree) for mutant in mutants) == sorted(changes)


def test_a_wide_scope_has_a_few_mutants_not_hundreds() -> None:
    routes = "".join(
        f'route r{n} {{ match GET on "/r{n}"   trust corp   upstream "http://127.0.0.1:9" }}\n' for n in range(20)
    )
    names = ", ".join(f"r{n}" for n in range(20))
    found = rule_set(f"{BASE}{routes}allow y on {names} always\ndeny d on all {DENIED}deny e on solo {DENIED}")
    (wide,) = [one for one in scoped(found.written) if one.owner == "deny d"]
    (narrow,) = [one for one in scoped(found.written) if one.owner == "deny e"]
    assert len([one for one in found.mutants("narrow_scope") if one.span == wide.scope.span]) == MOST
    assert len([one for one in found.mutants("widen_scope") if one.span == narrow.scope.span]) == MOST


def test_everything_with_a_scope_has_mutants() -> None:
    rules = """policy gold { rate 5 per 1s burst 5 }
select policy on solo { use gold otherwise }
request headers on solo { set X-User "{claims.sub}" }
response headers on solo { remove Server }
identity token t on solo { audience "svc"   subject claims.sub   lifetime 60s   header X-Identity }
limit shared on solo by route { quota 5 per day   on outage deny }
"""
    found = rule_set(BASE + rules)
    owners = [one.owner for one in scoped(found.written)]
    assert owners == [
        "allow z",
        "select policy",
        "the request headers",
        "the response headers",
        "identity token t",
        "limit shared",
    ]
    assert found.changes("widen_scope") == [("on solo", "on solo, both")] * 5


def test_a_deny_for_fewer_routes_and_an_allow_for_more() -> None:
    rules = f'{ROUTES}allow y on both always\nallow z on solo always\ndeny d on both, solo when claims.plan == "gold"\n'
    there = asking('plan: "gold"', "expect deny 403", path="/both/acme")
    here = asking('plan: "gold"', "expect deny 403")
    assert fates(rules, "narrow_scope", "on solo", sharp=there, blunt=here) == NOTICED
    rules = f'{ROUTES}allow a on solo always\nallow b on both when claims.plan == "gold"\n'
    there = asking("", "expect deny 403", path="/both/acme")
    assert fates(rules, "widen_scope", "on solo, both", sharp=there, blunt=asking("", "expect allow")) == NOTICED
