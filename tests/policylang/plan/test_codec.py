import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.plan.codec import decode, decode_steps, digested, encode, encode_lines
from policylang.plan.model import Plan, Position
from policylang.plan.refused import PlanRefused
from policylang.plan.steps import STRIDE
from tests.strategies.documents import loaded, sealed
from tests.strategies.modules import TREE, everything, planned
from tests.strategies.profile import examples

PLAN = planned(everything())
DOCUMENT = encode(PLAN)
LINES = DOCUMENT.splitlines(keepends=True)


def refused(document: bytes) -> PlanRefused:
    with pytest.raises(PlanRefused) as found:
        decode(document)
    return found.value


def altered(path: str, value: Any) -> bytes:
    """The document with one value replaced, and digests that fit."""
    values = loaded(DOCUMENT)
    *steps, last = [int(step) if step.isdigit() else step for step in path.strip("/").split("/")]
    here: Any = values
    for step in steps:
        here = here[step]
    here[last] = value
    return sealed(values)


def test_a_plan_comes_back_as_it_was() -> None:
    assert decode(DOCUMENT) == PLAN
    assert encode(decode(DOCUMENT)) == DOCUMENT
    assert b"".join(encode_lines(PLAN)) == DOCUMENT


def test_a_plan_of_almost_nothing_comes_back() -> None:
    module = replace(
        everything(), issuers={}, metadata=None, policies={}, selects=(), rules=(), set_headers=(), remove_headers=(),
        identity_tokens=(), limits=(), secrets=(), routes={"health": everything().routes["health"]},
    )  # fmt: skip
    plan = planned(module)
    assert decode(encode(plan)) == plan
    empty = planned(replace(module, routes={}), replace(TREE, files=()))
    assert decode(encode(empty)) == empty


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("/format", "policylang.plan/2", "/format"),
        ("/language", 2, "/language"),
        ("/language", True, "/language"),
        ("/language", 1.0, "/language"),
        ("/rules/0/name", 5, "/rules/0/name"),
        ("/rules/1/condition/expr/1/0", "nand", "/rules/1/condition/expr/1"),
        ("/rules/1/condition/at", [], "/rules/1/condition/at"),
        ("/rules/1/condition/at/3", 10**6, "/rules/1/condition/at"),
        ("/routes/1/rules", [99], "/routes/1/rules/0"),
        ("/routes/1/patterns/0/segments/0/type", ["slug"], "/routes/1/patterns/0/segments/0"),
        ("/issuers/0/claims/0/optional", None, "/issuers/0/claims/0/optional"),
        ("/issuers/0/algorithms/0", "none", "/issuers/0/algorithms/0"),
        ("/metadata/fresh_micros", "30", "/metadata/fresh_micros"),
        ("/metadata", 5, "/metadata"),
        ("/secrets/0", None, "/secrets/0"),
        ("/secrets", ["other", "hush"], "/secrets/1"),
        ("/policies/0/quota/count", 1e400, "/policies/0/quota/count"),
        ("/policies/0/quota/count", 2**63, "/policies/0/quota/count"),
        ("/positions/0", [0, 0, 1, 1, 1], "/positions/0"),
        ("/positions/0", [0, 1, 1, 1], "/positions/0"),
        ("/positions/1", [0, True, 1, 1, 1], "/positions/1"),
        ("/positions/1", [0, 1.0, 1, 1, 1], "/positions/1"),
        ("/selects/0/arms/1/when/binding", "load", "/selects/0/arms/1/when/binding"),
    ],
)
def test_values_are_refused_where_they_stand(path: str, value: Any, where: str) -> None:
    assert refused(altered(path, value)).where == where


def test_altering_nothing_alters_nothing() -> None:
    assert altered("/language", 1) == DOCUMENT


@pytest.mark.parametrize("member", sorted(loaded(DOCUMENT)))
def test_every_member_is_needed_once_and_in_its_place(member: str) -> None:
    values = loaded(DOCUMENT)
    removed = values.pop(member)
    if member not in ("semantic", "whole"):
        assert f"without the member {member}" in refused(sealed(values)).what
    start = next(i for i, line in enumerate(LINES) if line.startswith(f'"{member}":'.encode()))
    size = next(i for i, line in enumerate(LINES[start:], 1) if line == b"],\n") if isinstance(removed, list) else 1
    part = LINES[start : start + size]
    twice = b"".join([*LINES[: start + size], *part, *LINES[start + size :]])
    assert "twice" in refused(twice).what or "not laid out" in refused(twice).what


def test_unknown_members_are_refused() -> None:
    assert "not known" in refused(sealed({**loaded(DOCUMENT), "extra": 1})).what
    assert "not known" in refused(altered("/rules/0/extra", 1)).what


@pytest.mark.parametrize("member", ["semantic", "whole"])
def test_both_digests_are_taken_again(member: str) -> None:
    wrong = "0" * 64
    document = re.sub(f'"{member}":"[0-9a-f]+"'.encode(), f'"{member}":"{wrong}"'.encode(), DOCUMENT)
    if member == "semantic":  # the whole covers it
        assert refused(document).where in ("/semantic", "/whole")
        assert refused(altered("/language", 1).replace(PLAN.semantic.encode(), wrong.encode())).where == "/semantic"
    else:
        assert refused(document).where == "/whole"


def test_a_place_changes_the_whole_digest_alone() -> None:
    moved = digested(replace(PLAN, positions=(Position(0, 1, 1, 1, 2), *PLAN.positions[1:])))
    assert moved.semantic == PLAN.semantic
    assert moved.whole != PLAN.whole
    renamed = digested(replace(PLAN, rules=(replace(PLAN.rules[0], name="b"), *PLAN.rules[1:])))
    assert renamed.semantic != PLAN.semantic


RULE = next(i for i, line in enumerate(LINES) if line.startswith(b'{"at":') and b'"effect"' in line)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'{"at":', b'{"at": ', "canonical"),
        (b'{"at":', b'{ "at":', "canonical"),
        (b'"effect":"allow"', b'"effect":"\\u0061llow"', "canonical"),
        (b'"effect":"allow"', b'"effect":"allow","effect":"allow"', "twice"),
        (b'"methods":[]', b'"methods":[-0]', "canonical"),
        (b'"methods":[]', b'"methods":[1e2]', "canonical"),
        (b'"methods":[]', b'"methods":[NaN]', "token"),
        (b'"methods":[]', b'"methods":[0.5]', "token"),
        (b'"methods":[]', b'"methods":["\\ud800"]', "canonical"),
        (b'"methods":[]', b'"methods":["\xff"]', "UTF-8"),
        (b'"methods":[]', b'"methods":["\xed\xa0\x80"]', "UTF-8"),
        (b'"methods":[]', b'"methods":' + b"[" * 50_000 + b"]" * 50_000, "nested"),
        (b'"methods":[]', b'"methods":[' + b"9" * 5_000 + b"]", "JSON"),
        (b'"methods":[]', b'"methods":[],', "JSON"),
        (b"}\n", b"}", ""),
        (b"},\n", b"}\n", "comma"),
        (b"},\n", b"},,\n", "JSON"),
        (b"},\n", b"},\r\n", "JSON"),
        (b"},\n", b"},\n\n", "JSON"),
    ],
)
def test_bytes_that_are_not_canonical_are_refused(old: bytes, new: bytes, what: str) -> None:
    assert old in LINES[RULE] or old == b"}\n"
    line = LINES[RULE].replace(old, new, 1)
    document = b"".join([*LINES[:RULE], line, *LINES[RULE + 1 :]])
    if document != DOCUMENT:
        assert what in str(refused(document))


def test_a_comma_too_many_and_positions_out_of_line() -> None:
    close = next(i for i in range(RULE, len(LINES)) if LINES[i] == b"],\n")
    last = LINES[close - 1].replace(b"}\n", b"},\n")
    assert "comma" in refused(b"".join([*LINES[: close - 1], last, *LINES[close:]])).what
    first = LINES.index(b'"positions":[\n') + 1
    for bad in (b"[0,1,1,1,2]\n", b"[0,1,1,1,2],,\n", b"[0,01,1,1,2],\n", b"[0, 1,1,1,2],\n", b"{},\n", b"\n"):
        assert refused(b"".join([*LINES[:first], bad, *LINES[first + 1 :]])).where == "/positions/0"
    end = LINES.index(b"],\n", first)
    assert refused(b"".join([*LINES[: end - 1], LINES[end - 1][:-1] + b",\n", *LINES[end:]])).where.startswith(
        "/positions/"
    )


@pytest.mark.parametrize("count", [STRIDE - 1, STRIDE, STRIDE + 1, 3 * STRIDE])
def test_any_number_of_positions_is_read(count: int) -> None:
    rows = tuple(Position(0, 1 + i // 7, 1 + i % 7, 99_999, 1) for i in range(max(count, len(PLAN.positions))))
    plan = digested(replace(PLAN, positions=rows))
    assert decode(encode(plan)).positions == rows
    bad = encode(plan).splitlines(keepends=True)
    at = bad.index(b'"positions":[\n') + count
    if bad[at].endswith(b",\n"):
        bad[at] = bad[at][:-2] + b"\n"
        assert refused(b"".join(bad)).where == f"/positions/{count - 1}"


@pytest.mark.parametrize("cut", range(0, len(LINES), 7))
def test_a_document_that_ends_early_is_refused(cut: int) -> None:
    refused(b"".join(LINES[:cut]))
    refused(b"".join(LINES[: cut + 1])[:-1])


def test_a_document_that_goes_on_is_refused() -> None:
    for more in (b"\n", b"{\n", b" ", DOCUMENT):
        assert "after its end" in refused(DOCUMENT + more).what


def test_reading_gives_way() -> None:
    rows = tuple(Position(0, line, 1, line, 2) for line in range(1, 20 * STRIDE))
    document = encode(digested(replace(PLAN, positions=rows)))
    assert sum(1 for _ in decode_steps(BytesIO(document))) >= 20


@given(st.binary(max_size=300))
@examples(200)
def test_any_bytes_are_refused_and_nothing_else_happens(noise: bytes) -> None:
    refused(noise)
    refused(LINES[0] + noise)


@given(st.data())
@examples(200)
def test_any_change_of_bytes_is_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(DOCUMENT) - 1))
    length = data.draw(st.integers(0, 3))
    new = data.draw(
        st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b"[", b"]", b"{", b"}", b",\n", b"null", b"-1"]))
    )
    document = DOCUMENT[:at] + new + DOCUMENT[at + length :]
    if document != DOCUMENT:
        refused(document)


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-2, 3),
        st.sampled_from([2**63, -1, 0.5, "", "a", "claim", "lit", "and", "sub"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["at", "expr", "kind", "name", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


@given(st.data())
@examples(100)
def test_any_change_of_values_with_right_digests_is_read_or_refused(data: st.DataObject) -> None:
    """What an author of plans with the right tools could write: nothing comes of it but a plan or a refusal."""
    values = loaded(DOCUMENT)
    here: Any = values
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        inner = here[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            break
        here = inner
    match data.draw(st.integers(0, 2)):
        case 0:
            here[key] = data.draw(VALUES)
        case 1:
            here.pop(key)
        case _:
            here[key] = [inner, inner]
    document = sealed(values)
    read = plan_or_refusal(document)
    if isinstance(read, PlanRefused):
        assert read.what
        assert read.where == "" or read.where.startswith("/")
    else:
        assert encode(read) == document


def plan_or_refusal(document: bytes) -> Plan | PlanRefused:
    try:
        return decode(document)
    except PlanRefused as refusal:
        return refusal
