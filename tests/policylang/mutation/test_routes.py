from policylang.mutation.judge import judge
from tests.policylang.mutation.mutated import BASE, NOTICED, asking, fates, rule_set

OPEN = """route open { match GET on "/v1/open/{id: slug}/*/**", "/v1/{id: slug}/"   trust corp, anonymous
             upstream "http://127.0.0.1:9" }
allow y on open always
"""


def test_a_wider_path() -> None:
    found = [change for change in rule_set(BASE + OPEN).changes("widen_path") if "v1" in change[0]]
    assert found == [
        ('"/v1/open/{id: slug}/*/**"', '"/*/open/{id: slug}/*/**"'),
        ('"/v1/open/{id: slug}/*/**"', '"/v1/*/{id: slug}/*/**"'),
        ('"/v1/{id: slug}/"', '"/*/{id: slug}/"'),
    ]
    elsewhere = asking("", "expect deny 404", path="/other")
    assert fates(BASE, "widen_path", '"/*"', sharp=elsewhere, blunt=asking("", "expect allow")) == NOTICED


def test_one_issuer_fewer() -> None:
    found = rule_set(BASE + OPEN)
    assert found.changes("drop_trust") == [
        ("trust corp, partner", "trust partner"),
        ("trust corp, partner", "trust corp"),
        ("trust corp, anonymous", "trust anonymous"),
        ("trust corp, anonymous", "trust corp"),
    ]
    partner = asking("", "expect allow", path="/both/acme", issuer="partner")
    used = (
        'route more { match GET on "/more"   trust partner   upstream "http://127.0.0.1:9" }\nallow x on more always\n'
    )
    blunt = asking("", "expect allow", path="/both/acme")
    assert fates(BASE + used, "drop_trust", "trust corp", sharp=partner, blunt=blunt) == NOTICED


def test_an_anonymous_caller() -> None:
    nobody = 'test "nobody" { request GET "/v1/a/"  expect allow }\n'
    for tests, fate in ((nobody, "noticed"), (asking("", "expect allow", path="/v1/a/"), "survived")):
        found = rule_set(BASE + OPEN + tests)
        (mutant,) = [one for one in found.mutants("drop_trust") if "anonymous" in one.hint]
        (judged,) = judge([mutant], found.variants, found.cases, None, lambda _done: None)
        assert judged.fate == fate
