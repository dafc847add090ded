"""Merging shards: against sorting everything, with stretches of any length."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.records.port import Stored
from gateway.records.shard_pages import Stretches
from gateway.store.shards import shard_of

NAMES = st.lists(st.text("abAB._:-019", min_size=1, max_size=4), max_size=300, unique=True)
ROUNDS = 1_000


@given(
    names=NAMES,
    prefix=st.text("aB", max_size=1),
    after=st.text("abB", max_size=2),
    limit=st.integers(1, 60),
    short=st.integers(1, 9),
    over=st.sets(st.text("abAB", min_size=1, max_size=2)),
)
def test_a_page_is_what_sorting_everything_gives(
    names: list[str], prefix: str, after: str, limit: int, short: int, over: set[str]
) -> None:
    """``short``: how many names a shard gives at a time; ``over``: names whose records have ended."""
    shards: dict[int, list[str]] = {}
    for name in sorted(names):
        shards.setdefault(shard_of(name.encode()), []).append(name)
    stretches = Stretches(prefix, after, limit)
    for _ in range(ROUNDS):
        wanted = stretches.wanted()
        if not wanted:
            break
        for shard, least, greatest in wanted:
            found = [name for name in shards.get(shard, []) if within(name, least, greatest)]
            given_out = found[:short]
            records = [Stored(name, 1, b"", 0) for name in given_out if name not in over]
            stretches.add(shard, given_out[-1] if given_out else "", records, ends=len(given_out) < short)
    else:
        raise AssertionError("pages end")
    expected = sorted(name for name in names if name.startswith(prefix) and name > after and name not in over)
    page = stretches.page()
    assert [record.name for record in page.records] == expected[:limit]
    assert page.more is (len(expected) > limit)


def within(name: str, least: bytes, greatest: bytes) -> bool:
    """As ZRANGEBYLEX has it."""
    low, bound = least[:1], least[1:].decode()
    above = name > bound if low == b"(" else name >= bound
    return above and (greatest == b"+" or name < greatest[1:].decode())


def test_the_work_is_bounded_by_the_page() -> None:
    assert Stretches("", "", 1).length == 8
    assert Stretches("", "", 1_000).length < 40
