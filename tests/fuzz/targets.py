"""What is fuzzed: functions of bytes that fail where the product does not do what it promises for any bytes."""

from dataclasses import replace
from functools import cache
from typing import Any

from policylang.check.check import check
from policylang.check.model import CheckedModule
from policylang.codegen.compiled import CompiledPlan
from policylang.diagnostics.model import Diagnostic
from policylang.diagnostics.render_text import render_text
from policylang.plan.codec import decode, encode
from policylang.reference.oracle import Oracle
from policylang.runtime.ask import Ask
from policylang.simulate.simulation import Simulation
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax.parse import parse
from tests.strategies.checking import module_of
from tests.strategies.engines import plan_of

NOW = 1_769_947_200_000_000

RULES = """language 1
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"  leeway 5s
  identity by claims.sub
  claims {
    sub: text(1..8)  slug: slug optional  mail: email optional  level: one of "free", "gold" default "free"
    num: int -5..100 optional null as absent  wide: int -9223372036854775808..9223372036854775807 default 0
    flag: bool default false  scope: set of text split " " default []  tags: set of slug optional
    at: time optional  net: cidr optional  nets: set of cidr default []  fixed: slug always "x"
    far: text(0..4) optional from "https://corp.test/far"  deep: int 0..9 optional from ["a", "b", "c"]
  }
}
issuer robots {
  iss "https://robots.test"  keys "https://robots.test/jwks"  algorithms ES256  audience "api", "other"
  lifetime at most 1h  marked ["kind", "of"] is "robot"  identity by claims.id
  claims { id: int 1..9 from "uid" }
}
route a { match GET on "/a"  trust corp  upstream "http://127.0.0.1:9000" }
route b { match GET on "/b"  trust corp, robots  upstream "http://127.0.0.1:9000" }
allow open on a, b always
deny num on a when (claims.num ?? 0) > 50
deny old on a when claims.at present and claims.at older than 15min
deny net on a when client.ip in claims.nets
deny tag on a when claims.tags present and any of ["a", "b"] in claims.tags
deny deep on a when claims.deep present and claims.deep + 1 == 3
deny words on a when (claims.sub matches "a*b" or "read" in claims.scope or claims.flag)
deny id on b when issuer is robots and claims.id == 7
request headers on a { set X-Far "{claims.far}" omit when absent  set X-Scope claims.scope joined by "," omit when absent }
identity token t on a { audience "svc"  subject claims.sub  lifetime 60s  header X-T  claims { num: claims.num } }
"""


def rules_bytes(data: bytes) -> None:
    """Any text parses, or is complained of within itself; what has no error is checked; what is sound compiles and is
    read back to the same plan."""
    tree = tree_of({"a.rules": data.decode("utf-8", "surrogateescape")})
    parsed = parse(tree)
    _placed(parsed.diagnostics, tree)
    render_text(parsed.diagnostics, tree.files)
    if not parsed.ok:
        return
    checked = check(parsed.rule_set, tree, None)
    _placed(checked.diagnostics, tree)
    render_text(checked.diagnostics, tree.files)
    if checked.module is not None:
        plan = plan_of(checked.module, tree)
        assert decode(encode(plan)) == plan
        CompiledPlan(plan, dict.fromkeys(checked.module.secrets, "secret"))


def _placed(diagnostics: tuple[Diagnostic, ...], tree: SourceTree) -> None:
    """Every complaint points into the file."""
    for diagnostic in diagnostics:
        spans = [diagnostic.span, *(label.span for label in diagnostic.labels)]
        assert all(0 <= span.start <= span.end <= len(tree.files[span.file].text) for span in spans), diagnostic


def payload_bytes(data: bytes) -> None:
    """Any bytes as a token's payload: the compiled plan and the oracle come to one decision, and to no exception."""
    module, compiled = world()
    for target in ("/a", "/b"):
        ask = Ask(now=NOW, method="GET", target=target, payload=data)
        found = replace(Simulation(compiled).ask(ask), reason="")
        wanted = replace(Oracle(module).ask(ask), reason="")
        assert found == wanted, (found, wanted)


@cache
def world() -> tuple[CheckedModule, CompiledPlan]:
    """The rules that payloads are judged by."""
    module, tree = module_of(RULES)
    return module, CompiledPlan(plan_of(module, tree), {})


TARGETS: dict[str, Any] = {"parser": rules_bytes, "token": payload_bytes}
"""By name: the seeds and the kept cases of each are in a folder of the same name."""
