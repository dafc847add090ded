"""Facts in memory: versions, views of two plans at once, and what does not decode."""

from typing import Any

import pytest

from gateway.message.ports import OUTAGE
from gateway.policy import metadata_memory
from gateway.policy.metadata_memory import MemoryMetadata
from tests.strategies.tokens import claim

ROLES = claim("roles", ("set", ("slug",)), default=((),))
RANK = claim("rank", ("int", 0, 9))
A, B = b"a" * 16, b"b" * 16


def filled(**entries: dict[str, Any]) -> MemoryMetadata:
    memory = MemoryMetadata()
    memory.replace({name.encode() * 16: content for name, content in entries.items()})
    return memory


def test_an_identity_without_an_entry_has_the_defaults_as_version_0() -> None:
    assert MemoryMetadata().view((ROLES,)).fields(A, 0) == (0, (frozenset(),))


def test_without_a_default_no_entry_is_an_outage() -> None:
    assert MemoryMetadata().view((RANK,)).fields(A, 0) is OUTAGE


def test_entries_are_decoded_as_the_plan_declares_them() -> None:
    memory = filled(a={"roles": ["x", "y"], "rank": 3, "unknown": None})
    version, fields = memory.view((ROLES,)).fields(A, 0)  # type: ignore[misc]
    assert version > 0
    assert fields == (frozenset({"x", "y"}),)
    assert memory.view((RANK, ROLES)).fields(A, 0) == (version, (3, frozenset({"x", "y"})))
    assert len(memory) == 1


@pytest.mark.parametrize("content", [{"rank": "3"}, {"rank": 10}, {"rank": None}, {"rank": True}, {}])
def test_data_that_does_not_decode_is_an_outage_for_its_identity_alone(content: dict[str, Any]) -> None:
    view = filled(a=content, b={"rank": 1}).view((RANK,))
    assert view.fields(A, 0) is OUTAGE
    assert view.fields(A, 0) is OUTAGE
    assert view.fields(B, 0) == (2, (1,))


def test_a_version_never_returns_with_other_fields() -> None:
    memory = filled(a={"rank": 1}, b={"rank": 1})
    view = memory.view((RANK,))
    seen = {view.fields(A, 0), view.fields(B, 0)}
    for content in ({"rank": 2}, None, {"rank": 1}, {"rank": 2}):
        memory.replace({} if content is None else {A: content})
        answer = view.fields(A, 0)
        assert answer not in seen
        if content is not None:
            assert answer[1] == (content["rank"],)  # type: ignore[index]
            seen.add(answer)


def test_what_stays_equal_keeps_its_version() -> None:
    memory = filled(a={"roles": ["x"], "deep": {"n": [1, None]}}, b={"roles": []})
    before = memory.entry(A)
    memory.replace({A: {"deep": {"n": [1, None]}, "roles": ["x"]}})
    assert memory.entry(A) is before
    assert memory.entry(B) is None


@pytest.mark.parametrize(
    ("wrong", "right"), [({"v": 1}, {"v": True}), ({"v": [0]}, {"v": [False]}), ({"v": {"n": 1.0}}, {"v": {"n": 1}})]
)
def test_a_corrected_mistake_is_not_equal_to_the_mistake(wrong: dict[str, Any], right: dict[str, Any]) -> None:
    """Python holds 1, 1.0 and true for equal; a file that says one for the other is another file."""
    memory = filled(a=wrong)
    before = memory.entry(A)
    memory.replace({A: right})
    after = memory.entry(A)
    assert before is not None
    assert after is not None
    assert after[0] != before[0]
    assert repr(after[1]) == repr(right)


def test_each_entry_is_decoded_once_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata_memory, "DECODED_AT_MOST", 4)
    memory = MemoryMetadata()
    memory.replace({bytes([n]) * 16: {"rank": n % 10} for n in range(20)})
    view = memory.view((RANK,))
    first = view.fields(b"\0" * 16, 0)
    assert view.fields(b"\0" * 16, 0)[1] is first[1]  # type: ignore[index]
    for n in range(20):
        assert view.fields(bytes([n]) * 16, 0)[1] == (n % 10,)  # type: ignore[index]
        assert len(view._decoded) <= 4
