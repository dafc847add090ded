"""The fuzz targets without a fuzzer: seeds, kept cases, and mutations of both that Hypothesis makes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.runtime.ask import Ask
from policylang.simulate.simulation import Simulation
from tests.fuzz.seeds import kept, seeds
from tests.fuzz.targets import NOW, TARGETS, payload_bytes, rules_bytes, world
from tests.strategies.profile import examples

MARKS = [
    b"",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"-0",
    b"1e400",
    b"\\ud800",
    b"\xff",
    b"\n",
    b"\x00",
    b"9" * 40,
]


@st.composite
def mutated(draw: st.DrawFn, target: str) -> bytes:
    """A seed with a few pieces cut out, doubled, swapped or replaced."""
    data = draw(st.sampled_from(seeds(target)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 5, 20])))
        piece = draw(st.sampled_from([*MARKS, data[start:end] * 2, data[start:end][::-1]]))
        data = data[:start] + piece + data[end:]
    return data


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_kept_cases_pass(target: str) -> None:
    found = seeds(target)
    assert len(found) == len(set(found)) >= 50
    assert set(kept(target)) <= set(found)
    for data in kept(target) + found[:: max(1, len(found) // 60)]:
        TARGETS[target](data)


@given(mutated("parser"))
@examples(60)
def test_mutated_rules_parse_or_are_complained_of(data: bytes) -> None:
    rules_bytes(data)


@given(mutated("token"))
@examples(300)
def test_mutated_payloads_are_decided_alike(data: bytes) -> None:
    payload_bytes(data)


def test_the_token_target_is_not_blind() -> None:
    """Among its seeds are tokens that are let in, refused by the rules, and refused for what they are."""
    _, compiled = world()
    kinds = {Simulation(compiled).ask(Ask(NOW, "GET", "/a", payload=data)).kind for data in seeds("token")}
    assert {"allow", "denied", "credential_refused"} <= kinds
