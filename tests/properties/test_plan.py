"""Plans of generated rule sets: what is stored comes back, what means the same has one digest, the index loses nothing."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from policylang.check.check import check
from policylang.check.model import CheckedModule
from policylang.plan import schema
from policylang.plan.codec import decode, digested, encode
from policylang.plan.index import Match, Miss, RouteIndex
from policylang.plan.refused import PlanRefused
from policylang.reference.choose_route import Chosen, choose
from policylang.source.tree import SourceTree, tree_of
from policylang.syntax.parse import parse
from tests.strategies import checked
from tests.strategies.checking import kept
from tests.strategies.documents import loaded, sealed
from tests.strategies.modules import planned, shuffled
from tests.strategies.profile import examples
from tests.strategies.rule_sets import rule_sets


@given(rule_sets())
@examples(10)
def test_a_stored_plan_comes_back_byte_for_byte(rule_set: Any) -> None:
    found = kept(rule_set)
    plan = planned(found.module, found.tree)
    document = encode(plan)
    assert decode(document) == plan
    assert encode(decode(document)) == document
    assert sealed(loaded(document)) == document
    schema.validate(document)


def module_of_files(texts: dict[str, str]) -> tuple[CheckedModule, SourceTree]:
    tree = tree_of({path: f"language 1\n{text}" for path, text in texts.items()})
    result = check(parse(tree).rule_set, tree, None)
    assert result.module is not None, result.diagnostics
    return result.module, tree


ANYWHERE = (
    "secret",
    "issuer",
    "metadata",
    "policy",
    "select",
    "deny",
    "shadow deny",
    "limit",
    "response headers",
    "let",
)


@given(rule_sets(), st.randoms(use_true_random=False))
@examples(10)
def test_files_order_blanks_and_comments_mean_nothing(rule_set: Any, chance: random.Random) -> None:
    found = kept(rule_set)
    texts = {"m.rules": "", "a/x.rules": "", "z.rules": ""}
    for item in chance.sample(found.items, len(found.items)):
        movable = item.startswith(ANYWHERE) and " set " not in item
        path = chance.choice(sorted(texts)) if movable else "m.rules"
        texts[path] += (
            f"\n# {chance.choice(['why', 'é', 'deny all on all always'])}\n\n{item}"
            + " # so\n" * chance.randint(0, 1)
            + "\n"
        )
    module, tree = module_of_files({path: text for path, text in texts.items() if text})
    one, other = planned(found.module, found.tree), planned(module, tree)
    assert one.semantic == other.semantic
    assert one.whole != other.whole
    assert replace(without_places(one), whole="") == replace(without_places(other), whole="")


def without_places(plan: Any) -> Any:
    """The plan with every place put to nothing, by way of its JSON."""
    values = loaded(encode(plan))

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name: ([0] * len(v) if isinstance(v, list) else 0) if name == "at" else strip(v)
                for name, v in value.items()
            }
        return [strip(item) for item in value] if isinstance(value, list) else value

    return decode(
        sealed({**strip(values), "files": [{"path": "a", "sha256": "0" * 64}], "positions": [[0, 1, 1, 1, 1]]})
    )


@given(rule_sets(), st.data())
@examples(10)
def test_the_order_of_conjuncts_means_nothing(rule_set: Any, data: st.DataObject) -> None:
    module = kept(rule_set).module
    rules = tuple(
        rule if rule.condition is None else replace(rule, condition=data.draw(shuffled(rule.condition)))
        for rule in data.draw(st.permutations(module.rules))
    )
    assert planned(replace(module, rules=rules)).semantic == planned(module).semantic


@given(rule_sets(), st.data())
@examples(8)
def test_what_changes_one_rule_changes_the_digest(rule_set: Any, data: st.DataObject) -> None:
    found = kept(rule_set)
    plan = planned(found.module, found.tree)
    assume(plan.rules)
    at = data.draw(st.integers(0, len(plan.rules) - 1))
    others = [
        replace(plan, rules=(*plan.rules[:at], other, *plan.rules[at + 1 :]))
        for other in (
            replace(plan.rules[at], name=plan.rules[at].name + "x"),
            replace(plan.rules[at], methods=(*plan.rules[at].methods, "~")),
            replace(plan.rules[at], step_up="other"),
        )
    ]
    digests = {digested(other).semantic for other in others}
    assert len(digests) == 3
    assert plan.semantic not in digests


PIECES = ("a", "b", "{x}", "{n#}", "*")
PATHS = st.builds(
    lambda pieces, rest: "/" + "/".join(pieces) + rest,
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).filter(lambda p: p.count("{x}") < 2 > p.count("{n#}")),
    st.sampled_from(("", "", "/**")),
)
HOSTS = st.sampled_from(((), (), ("a.test",), ("*.test",), ("{h}.test",), ("a.*", "b.test")))
METHODS = st.sampled_from((("GET",), ("POST",), ("GET", "POST"), ("DELETE",)))
TEXTS = st.lists(st.sampled_from(("a", "b", "7", "07", "c", "é", "")), min_size=1, max_size=4).map(tuple)
LABELS = st.sampled_from((("a", "test"), ("b", "test"), ("a", "com"), ("test",), ("a", "b", "test")))


@given(
    st.lists(st.tuples(PATHS, METHODS, HOSTS), min_size=1, max_size=12),
    st.lists(st.tuples(TEXTS, LABELS), min_size=4, max_size=8),
)
@examples(100)
def test_the_index_chooses_as_trying_every_pattern_does(specs: list[Any], asked: list[Any]) -> None:
    routes = tuple(
        checked.route(f"r{i:02}", path, methods, hosts=hosts) for i, (path, methods, hosts) in enumerate(specs)
    )
    module = checked.module(routes=routes)
    index = untied(module)
    assume(index is not None)
    assert index is not None
    for segments, labels in asked:
        for method in ("GET", "POST", "PUT"):
            wanted = choose(module, method, segments, labels)
            found = index.match(labels, segments, method)
            if isinstance(wanted, Chosen):
                assert isinstance(found, Match)
                assert sorted(module.routes)[found.route] == wanted.route.name
                assert dict(zip(sorted(wanted.route.captures), found.captures, strict=True)) == wanted.captures
            else:
                assert found == Miss(() if wanted is None else wanted.allow)


def untied(module: CheckedModule) -> RouteIndex | None:
    """The index, unless two of the routes tie."""
    try:
        return RouteIndex(planned(module, tree_of({"a.rules": "language 1\n"})).routes)
    except PlanRefused:
        return None
