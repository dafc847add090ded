"""Any payload, target, header and metadata: a decision, no exception."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from policylang.check.model import CheckedModule
from policylang.reference.oracle import Oracle
from policylang.runtime.ask import Ask
from policylang.runtime.decision import STATUS
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax.parse import parse
from policylang.check.check import check
from tests.strategies import json_texts, pool
from tests.strategies.checking import kept
from tests.strategies.engines import plan_of, said, simulation
from tests.strategies.profile import examples
from tests.strategies.rule_sets import RuleSet, rule_sets

RULES = """language 1
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"
  identity by claims.sub
  claims {
    sub:    text(1..128)
    a:      text(0..16)      optional null as absent
    b:      int -1..100      default 7 from ["a", "b"]
    scope:  set of text      default [] split " "
    when:   time             optional from "\u00e9"
    net:    cidr             optional
    big:    int -9_223_372_036_854_775_808..9_223_372_036_854_775_807 optional
    none:   text(0..8)       optional from ""
  }
}
metadata { fresh within 30s  tier: one of "base", "free" default "base"  label: text(0..8) optional }
policy base { rate 1_000 per 1s burst 1_000  grants "bulk" }
policy free { quota 1_000 per day }
select policy on r { use metadata.tier }
route r { match GET, POST on "/r/{name: text(0..16)}/**"  trust corp, anonymous  upstream "http://127.0.0.1:9000" }
route s { match GET on "/s/**"  host "*.test"  trust corp  upstream "http://127.0.0.1:9000" }
allow a on r for GET when issuer is anonymous or "bulk" in policy.grants or claims.b > 3
allow b on s when (claims.a ?? "x") != "y" or claims.when absent or claims.when older than 1s
deny c on all when header["X-Event"] present and header["X-Event"] matches "*evil*"
deny d on s when claims.net present and client.ip in ["10.0.0.0/8"] and metadata.label absent
request headers on s { set X-A "{claims.a}" omit when absent  set X-Scope claims.scope joined by ","  set X-Sub "{claims.sub}" }
identity token t on s { audience "svc"  subject claims.sub  lifetime 60s  header X-Id  claims { a: claims.a  big: claims.big } }
limit l on s by claims.b { rate 1_000 per 1s burst 1_000 on outage deny }
"""


def module_of(text: str) -> tuple[CheckedModule, SourceTree]:
    """The checked module of a text that has no error."""
    tree = tree_of({"a.rules": text})
    parsed = parse(tree)
    result = check(parsed.rule_set, tree, None)
    assert result.module is not None, (parsed.diagnostics, result.diagnostics)
    return result.module, tree
