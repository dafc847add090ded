"""What is fast says what the oracle says, however it was compiled, stored, ordered or hashed."""

import os
import pickle
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policylang.codegen.compiled import CompiledPlan
from policylang.plan.codec import decode, encode
from policylang.plan.index import Match, Miss
from policylang.plan.schema import validate
from policylang.reference.choose_route import Chosen, NoMethod, choose
from policylang.reference.evaluate import glob, within
from policylang.reference.host import labels
from policylang.reference.oracle import Oracle
from policylang.reference.target import segments
from policylang.request.errors import HostRefused, TargetRefused
from policylang.request.host import read_host
from policylang.request.target import read_target
from policylang.runtime.ask import Ask
from policylang.runtime.decision import Decision
from policylang.runtime.operators import Glob, Networks
from policylang.runtime.operators import within as product_within
from policylang.simulate.arrive import arrive
from policylang.simulate.caller import authenticate, fields_of
from policylang.simulate.simulation import Simulation
from policylang.source.tree import tree_of
from tests.strategies import asks, pool
from tests.strategies.checking import CASCADE, IDLE, Case, Kept, cases, judged, kept, module_of
from tests.strategies.engines import plan_of, plan_without_passes, said, simulation, unhoisted
from tests.strategies.profile import examples
from tests.strategies.rule_sets import MISTAKES, RuleSet, rule_sets


def by_oracle(found: Kept, questions: list[Ask]) -> list[Decision]:
    """The oracle's decisions, one after the other."""
    oracle = Oracle(found.module)
    return [said(oracle.ask(question)) for question in questions]


@given(cases())
@examples(60)
def test_the_simulation_decides_as_the_oracle(case: Case) -> None:
    found, questions = case.kept, case.questions
    engine = simulation(plan_of(found.module, found.tree))
    for question, wanted in zip(questions, by_oracle(found, questions), strict=True):
        assert said(engine.ask(question)) == wanted


@given(cases())
@examples(25)
def test_neither_storage_nor_passes_nor_stages_can_be_noticed(case: Case) -> None:
    found, questions = case.kept, case.questions
    plan = plan_of(found.module, found.tree)
    document = encode(plan)
    validate(document)
    stored = decode(document)
    assert stored == plan
    unpassed = plan_without_passes(found.module, found.tree)
    engines = [simulation(stored), simulation(unpassed), unhoisted(plan), unhoisted(unpassed)]
    for question, wanted in zip(questions, by_oracle(found, questions), strict=True):
        for engine in engines:
            assert said(engine.ask(question)) == wanted


ANYWHERE = ("deny ", "shadow deny ", "limit ", "policy ", "let ", "secret ", "metadata ", "select ")
"""Items that may stand in another file than the routes they reach."""


@given(cases(), st.randoms(use_true_random=False))
@examples(25)
def test_neither_order_nor_files_mean_anything(case: Case, shuffler: random.Random) -> None:
    found, questions = case.kept, case.questions
    items = list(found.items)
    shuffler.shuffle(items)
    elsewhere = [item for item in items if item.startswith(ANYWHERE) and shuffler.random() < 0.5]
    here = [item for item in items if item not in elsewhere]
    files = {"a.rules": case.rule_set.text(tuple(here)), "b.rules": case.rule_set.text(tuple(elsewhere))}
    module, tree, errors = judged(tree_of(files))
    assert module is not None, errors
    one, other = plan_of(found.module, found.tree), plan_of(module, tree)
    assert one.semantic == other.semantic
    engines = simulation(one), simulation(other)
    for question in questions:
        assert said(engines[0].ask(question)) == said(engines[1].ask(question))


@given(rule_sets(wrong=MISTAKES))
@examples(40)
def test_mistakes_are_refused_and_nothing_else(rule_set: RuleSet) -> None:
    found = kept(rule_set)
    assert rule_set.mistaken <= found.dropped.keys()
    for item, error in found.dropped.items():
        if item not in rule_set.mistaken:
            assert error.code in IDLE | CASCADE, (item, error)


@given(st.sampled_from(asks.TARGETS) | st.text(alphabet="/.%25eEfF7a;#?\\: \x00\x80é", max_size=12).map("/".__add__))
@example("/%25%32e")
@example("/%c2%85")
@examples(300)
def test_targets_are_read_alike(target: str) -> None:
    try:
        found: Any = read_target(target.encode()).segments
    except TargetRefused:
        found = None
    assert found == segments(target)


@given(st.sampled_from(asks.HOSTS) | st.text(alphabet="aA0.-_:[]%/ é", max_size=12))
@examples(300)
def test_hosts_are_read_alike(host: str) -> None:
    try:
        found: Any = read_host([host.encode()])
    except HostRefused:
        found = None
    assert found == labels(host)


@given(rule_sets(), st.lists(st.sampled_from(asks.TARGETS), max_size=10), st.sampled_from(asks.HOSTS))
@examples(40)
def test_the_index_finds_what_trying_every_pattern_finds(rule_set: RuleSet, targets: list[str], host: str) -> None:
    found = kept(rule_set)
    plan = plan_of(found.module, found.tree)
    compiled = CompiledPlan(plan, pool.SECRETS)
    labelled = labels(host) or ("h",)
    for path in [read for target in targets if (read := segments(target)) is not None]:
        for method in ("GET", "POST", "PUT", "HEAD"):
            wanted = choose(found.module, method, path, labelled)
            match = compiled.match(labelled, path, method)
            if isinstance(wanted, Chosen):
                assert isinstance(match, Match)
                route = plan.routes[match.route]
                assert route.name == wanted.route.name
                assert dict(zip(route.captures, match.captures, strict=True)) == wanted.captures
            else:
                assert match == Miss(wanted.allow if isinstance(wanted, NoMethod) else ())


GUARDED = """language 1
issuer corp {
  iss "https://corp.test"  keys "https://corp.test/jwks"  algorithms ES256  audience "api"
  identity by claims.sub  claims { sub: text(1..9) }
}
policy base { grants "bulk" }
route a { match GET on "/a/{zone: slug}" trust corp upstream "http://127.0.0.1:9000" }
route b { match GET on "/b" trust anonymous upstream "http://127.0.0.1:9000" }
select policy on a { use base otherwise }
allow a on a always
allow b on b always
"""
TOKEN = b'{"iss": "https://corp.test", "aud": "api", "exp": 2000000000, "sub": "u"}'


@pytest.mark.parametrize("guard", ["issuer is corp", "issuer is not anonymous"])
def test_a_guard_keeps_grants_from_being_asked_where_no_policy_is_selected(guard: str) -> None:
    module, tree = module_of(GUARDED + f'deny x on all when {guard} and "bulk" in policy.grants\n')
    for target, payload, kind in (("/a/x", TOKEN, "denied"), ("/b", None, "allow")):
        question = Ask(pool.BASE * pool.SECOND, "GET", target, payload=payload)
        decision = said(simulation(plan_of(module, tree)).ask(question))
        assert decision.kind == kind
        assert decision == said(Oracle(module).ask(question))


def test_a_guard_binds_no_captures() -> None:
    text = GUARDED + "deny x on all when issuer is corp and claims.sub != path.zone\n"
    _, _, errors = judged(tree_of({"a.rules": text}))
    assert [error.code for error in errors] == ["R210"]


LETTERS = st.text(alphabet="ab*?\n.[\u00e9", max_size=8)


@given(LETTERS, LETTERS)
@example("**a", "ba")
@example("a*a", "a")
@example("*ab*ab*", "abab")
@example("?*?", "a")
@examples(400)
def test_globs_match_alike(pattern: str, text: str) -> None:
    assert Glob(pattern).matches(text) is glob(pattern, text)


def network(kind: type[IPv4Network] | type[IPv6Network], width: int) -> st.SearchStrategy[str]:
    """Any network of a family, written as it is written."""
    return st.builds(
        lambda bits, length: str(kind((bits >> (width - length) << (width - length), length))),
        st.integers(0, 2**width - 1),
        st.integers(0, width),
    )


NETWORKS = network(IPv4Network, 32) | network(IPv6Network, 128) | st.sampled_from(pool.NETWORKS)
ITEMS = NETWORKS | st.sampled_from(pool.ADDRESSES) | st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map(str)


@given(ITEMS, st.lists(NETWORKS, max_size=4))
@example("0.0.0.0/0", ["10.0.0.0/8"])
@example("::a00:1", ["10.0.0.0/8"])
@example("10.0.0.0/8", ["10.0.0.0/8"])
@examples(200)
def test_networks_hold_alike(item: str, networks: list[str]) -> None:
    wanted = any(within(item, network) for network in networks)
    assert Networks(networks)[item] is wanted
    assert product_within(item, frozenset(networks)) is wanted


@contextmanager
def no_clock_and_no_dice() -> Iterator[None]:
    """Within, whoever reads the time or draws a random number fails."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("the clock or the dice were touched")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter"):
            patch.setattr(time, name, forbidden)
        for name in ("random", "randint", "getrandbits", "choice", "randbytes"):
            patch.setattr(random, name, forbidden)
        patch.setattr(os, "urandom", forbidden)
        yield


@given(cases(3))
@examples(15)
def test_time_and_chance_come_from_the_request_alone(case: Case) -> None:
    found, questions = case.kept, case.questions
    wanted = by_oracle(found, questions)
    with no_clock_and_no_dice():
        engine = simulation(plan_of(found.module, found.tree))
        decisions = [said(engine.ask(question)) for question in questions]
    assert decisions == wanted


@given(cases())
@examples(10)
def test_threads_decide_alike(case: Case) -> None:
    compiled = CompiledPlan(plan_of(case.kept.module, case.kept.tree), pool.SECRETS)

    def decide(_: int) -> list[Decision]:
        engine = Simulation(compiled)
        return [said(engine.ask(question)) for question in case.questions]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(decide, range(4))) == [by_oracle(case.kept, case.questions)] * 4


JUDGE = """
import pickle, sys
from tests.strategies.checking import kept
from tests.strategies.engines import plan_of, simulation
from policylang.codegen.compiled import CompiledPlan
from policylang.plan.codec import encode
for rule_set, questions in pickle.load(sys.stdin.buffer):
    found = kept(rule_set)
    plan = plan_of(found.module, found.tree)
    engine = simulation(plan)
    sys.stdout.buffer.write(encode(plan) + repr([engine.ask(question) for question in questions]).encode() + b"\\n")
"""


@given(st.lists(cases(), min_size=4, max_size=4))
@examples(2, 50)
def test_hash_seeds_change_no_byte(some: list[Case]) -> None:
    told = pickle.dumps([(case.rule_set, case.questions) for case in some])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", JUDGE],
            input=told,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1


FOREVER = 10**18
"""Beyond every instant that a rule or a token can name, in microseconds."""
EDGES = (
    0,
    1,
    -1,
    999_999,
    1_000_000,
    5_000_000,
    900_000_000,
    900_000_001,
    86_400_000_000,
    -900_000_000,
    -86_400_000_000,
)


@given(cases(4), st.sampled_from(EDGES), st.sampled_from(EDGES))
@examples(40)
def test_what_a_token_says_holds_for_all_of_its_interval(case: Case, first: int, second: int) -> None:
    """A fact that is cached with a token decides as one that is made afresh, up to the instant at which it flips."""
    plan = plan_of(case.kept.module, case.kept.tree)
    compiled = CompiledPlan(plan, pool.SECRETS)
    for question in case.questions:
        arrived = arrive(compiled, question)
        if isinstance(arrived, Decision):
            continue
        caller = authenticate(plan, plan.routes[arrived.route], question)
        if isinstance(caller, Decision):
            continue
        cell = compiled.cell(arrived.route, question.method, caller.issuer)
        fields = fields_of(plan, caller, question.metadata)
        start = question.now + first
        cached = cell.token_facts(caller.claims, caller.identity, start)
        assert cached.valid_from <= start < cached.valid_until
        edges = (cached.valid_until - 1, cached.valid_until, cached.valid_from, cached.valid_from - 1)
        for now in (start + second, *(edge for edge in edges if abs(edge) < FOREVER)):
            fresh = cell.token_facts(caller.claims, caller.identity, now)
            assert fresh.valid_from <= now < fresh.valid_until
            if not cached.valid_from <= now < cached.valid_until:
                continue
            assert fresh[:2] == cached[:2]
            verdicts = [
                cell.decide(facts.slots, cell.identity_facts(facts.slots, caller.claims, fields), request)
                for facts in (cached, fresh)
                for request in [replace(arrived.facts, now=now)]
            ]
            assert verdicts[0] == verdicts[1]


@given(cases())
@examples(20)
def test_the_same_question_twice_gets_the_same_answer(case: Case) -> None:
    found, questions = case.kept, case.questions
    plan = plan_of(found.module, found.tree)
    warm = simulation(plan)
    for question in questions:
        warm.ask(replace(question, now=question.now + 1))
        fresh = said(simulation(plan).ask(question))
        after = said(warm.ask(question))
        if after.kind != "limited":
            assert after == fresh
