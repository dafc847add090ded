from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.authn.packing import Entry, Packing, fact_of, valid_until_of
from gateway.message.principal import CellFacts
from policylang.embed import TokenFacts

VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text(), st.frozensets(st.text()))
MICROS = st.integers(-(2**40), 2**62)


@given(
    st.lists(VALUES).map(tuple),
    st.sampled_from(("plan-1", "plan-2")),
    MICROS,
    st.none() | st.tuples(st.text(), st.text()),
    st.none() | st.integers(0, 2**40),
    st.none() | st.binary(min_size=15, max_size=15),
)
def test_what_comes_out_is_what_went_in(
    claims: tuple[Any, ...], plan: str, end: int, key: tuple[str, str] | None, issued: int | None, jti: bytes | None
) -> None:
    entry = Entry(3, claims, b"i" * 16, end - 1, plan, valid_from=-5, valid_until=end, check_until=end - 7, epoch=9)
    entry.key, entry.issued, entry.jti, entry.thumbprint = key, issued, jti, b"t" * 16
    packing = Packing()
    packed = packing.pack(entry)
    assert packing.unpack(packed) == entry
    assert valid_until_of(packed) == valid_until_of(fact_of(entry)) == end
    assert packing.unpack(packed).plan is entry.plan


def test_a_claim_keeps_its_kind() -> None:
    packing = Packing()
    claims = (True, 1, "1", frozenset(("1",)), None)
    again = packing.unpack(packing.pack(Entry(0, claims, b"", 0, "plan"))).claims
    assert [type(value) for value in again] == [bool, int, str, frozenset, type(None)]


def test_what_later_steps_derived_is_left_behind() -> None:
    entry = Entry(0, (), b"", 0, "plan")
    entry.cells[(0, "GET")] = CellFacts(TokenFacts(0, 1, ()))
    packing = Packing()
    again = packing.unpack(packing.pack(entry))
    assert (again.cells, again.minted, again.used, again.size) == ({}, {}, False, 0)


def test_identity_tokens_stay() -> None:
    entry = Entry(0, (), b"", 0, "plan")
    entry.minted[3] = ("u1", {"roles": ["a", "b"], "tenant": "acme"}, "kid", 10**15, b"token")
    packing = Packing()
    again = packing.unpack(packing.pack(entry))
    assert again.minted == entry.minted
    again.minted[4] = entry.minted[3]
    assert len(entry.minted) == 1


@pytest.mark.parametrize("end", [0, 1, 2**62, -1])
def test_a_fact_is_an_end_and_a_thumbprint(end: int) -> None:
    fact = fact_of(Entry(0, (), b"", 0, "plan", valid_until=end, thumbprint=b"t" * 16))
    assert (valid_until_of(fact), fact[8:]) == (end, b"t" * 16)
