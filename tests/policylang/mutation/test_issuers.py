from tests.policylang.mutation.mutated import NOTICED, asking, fates, rule_set

RULES = """
issuer wide {
  iss "https://wide.test"   keys "https://wide.test/keys"   algorithms ES256, RS256   audience "api", "web"
  identity by claims.sub   claims { sub: text(1..128) }
}
route both { match GET on "/both"   trust corp, partner   upstream "http://127.0.0.1:9" }
route wide { match GET on "/wide"   trust wide   upstream "http://127.0.0.1:9" }
allow z on both, wide always
"""


def test_one_audience_fewer() -> None:
    assert rule_set(RULES).changes("drop_audience") == [
        ('audience "api", "web"', 'audience "web"'),
        ('audience "api", "web"', 'audience "api"'),
    ]
    web = asking('aud: "web"', "expect allow", path="/wide", issuer="wide")
    api = asking('aud: "api"', "expect allow", path="/wide", issuer="wide")
    assert fates(RULES, "drop_audience", 'audience "api"', sharp=web, blunt=api) == NOTICED


def test_algorithms_are_beyond_rule_tests() -> None:
    found = rule_set(RULES + asking("", "expect allow", path="/wide", issuer="wide"))
    assert found.changes("drop_algorithm") == [
        ("algorithms ES256, RS256", "algorithms RS256"),
        ("algorithms ES256, RS256", "algorithms ES256"),
    ]
    judged = found.judged("drop_algorithm", "algorithms ES256")
    assert judged.fate == "unseen"
    assert judged.mutant.unseen == "In a rule test every token counts as verified, whatever its algorithm."
