import pytest

from tests.policylang.mutation.mutated import BASE, NOTICED, asking, fates, rule_set

SAID = """request headers on solo {
  remove X-Old, "X-Debug-*"
  set X-User "{claims.sub}"
  set X-Risk "{claims.risk}"   omit when absent
  set X-Scope claims.scope joined by ","   omit when empty
}
response headers on solo { remove Server }
identity token t on solo {
  audience "svc"   subject claims.sub   lifetime 60s   header X-Identity
  claims { tenant: claims.tenant   risk: claims.risk }
}
"""


@pytest.mark.parametrize(
    ("operator", "changes"),
    [
        ("drop_header",
         [('set X-User "{claims.sub}"', ""), ('set X-Risk "{claims.risk}" omit when absent', ""),
          ('set X-Scope claims.scope joined by "," omit when empty', "")]),
        ("drop_removal",
         [('remove X-Old, "X-Debug-*"', 'remove "X-Debug-*"'), ('remove X-Old, "X-Debug-*"', "remove X-Old"),
          ("remove Server", "")]),
        ("drop_omit",
         [('set X-Risk "{claims.risk}" omit when absent', 'set X-Risk "{claims.risk}"'),
          ('set X-Scope claims.scope joined by "," omit when empty', 'set X-Scope claims.scope joined by ","')]),
        ("drop_minted_claim", [("tenant: claims.tenant", ""), ("risk: claims.risk", "")]),
    ],
)  # fmt: skip
def test_the_mutants(operator: str, changes: list[tuple[str, str]]) -> None:
    found = rule_set(BASE + SAID)
    assert found.changes(operator) == changes
    # A claim that may be absent must say what then; all else is a rule set without the line.
    refused = {'set X-Risk "{claims.risk}"'}
    for mutant in found.mutants(operator):
        assert (found.variants.of(mutant) is None) is (mutant.after(found.tree) in refused)


PLAIN = asking("", "expect allow")
MINTING = """identity token t on solo {
  audience "svc"   subject claims.sub   lifetime 60s   header X-Identity   claims { tenant: claims.tenant }
}
"""


@pytest.mark.parametrize(
    ("operator", "rules", "after", "sharp"),
    [
        ("drop_header", 'request headers on solo { set X-User "{claims.sub}" }\n', "",
         asking("", 'expect allow header X-User "u"')),
        ("drop_removal", "request headers on solo { remove X-Old }\n", "",
         'test "old" { token corp { sub: "u" } request GET "/solo" header X-Old "1" expect allow header X-Old absent }\n'),
        ("drop_removal", 'response headers on solo { remove Server, "X-Internal-*" }\n', "remove Server",
         asking("", "expect allow response header X-Internal-Host absent")),
        ("drop_omit", 'request headers on solo { set X-Scope claims.scope joined by ","   omit when empty }\n',
         'set X-Scope claims.scope joined by ","', asking("", "expect allow header X-Scope absent")),
        ("drop_identity_token",
         'identity token t on solo { audience "svc"   subject claims.sub   lifetime 60s   header X-Identity }\n', "",
         asking("", "expect allow identity token t { sub: \"u\" }")),
        ("drop_minted_claim",
         MINTING, "", asking("", 'expect allow identity token t { tenant: "acme" }')),
    ],
)  # fmt: skip
def test_sharp_and_blunt(operator: str, rules: str, after: str, sharp: str) -> None:
    assert fates(BASE + rules, operator, after, sharp=sharp, blunt=PLAIN) == NOTICED
