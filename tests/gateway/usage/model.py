"""What every usage store has to answer: a model that adds up batches one by one, and the batches and questions to try."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from gateway.usage.counters import figures
from gateway.usage.periods import DAY, HOUR, LENGTH
from gateway.usage.port import ANONYMOUS, OTHERS, Batch, Cell, Query, Row, Usage, UsageStore

NOW = int(time.time()) * 1_000_000
TODAY = NOW - NOW % DAY
THIS_HOUR = NOW - NOW % HOUR
HOURS = [THIS_HOUR, THIS_HOUR - HOUR, THIS_HOUR - 30 * HOUR]
SOMEBODY = [bytes([number]) * 16 for number in range(1, 6)]
IDENTITIES = [ANONYMOUS, OTHERS, *SOMEBODY]

counts = st.fixed_dictionaries(
    {"n": st.integers(1, 5)},
    optional={
        "k.denied": st.integers(1, 3),
        "k.limited": st.integers(1, 3),
        "u": st.integers(1, 3),
        "b": st.integers(1, 2**40),
        "t9": st.integers(1, 4),
        "t75": st.integers(1, 4),
    },
)
cells = st.builds(
    Cell,
    hour=st.sampled_from(HOURS),
    identity=st.sampled_from(IDENTITIES),
    policy=st.sampled_from(["", "free", "free+gold"]),
    route=st.sampled_from(["", "orders", "ops"]),
    counts=counts,
)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Batch], list[Batch]]:
    """(the batches there are, what is handed over: each at least once, in any order)."""
    places = draw(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 20)), min_size=1, max_size=5, unique=True))
    batches = [Batch(gateway, number, tuple(draw(st.lists(cells, max_size=6)))) for gateway, number in places]
    again = draw(st.lists(st.sampled_from(batches), max_size=5))
    return batches, draw(st.permutations([*batches, *again]))


WHOLE = Query(min(HOURS), NOW + 1)
QUERIES = [
    WHOLE,
    replace(WHOLE, group="route"),
    replace(WHOLE, group="policy", by="day"),
    replace(WHOLE, start=THIS_HOUR, group="route"),
    replace(WHOLE, by="day", top=2),
    replace(WHOLE, top=5),
    *(replace(WHOLE, identity=identity, group="policy") for identity in IDENTITIES),
    replace(WHOLE, by="day", identity=SOMEBODY[0]),
]


def expected(batches: Sequence[Batch], query: Query) -> Usage:
    """The answer, worked out the long way."""
    found: dict[tuple[int, str], Counter[str]] = {}
    top = _top(batches, query)
    for batch in batches:
        for cell in batch.cells:
            start = cell.hour - cell.hour % LENGTH[query.by]
            wanted = cell.identity in top if query.top else query.identity in {None, cell.identity}
            if start not in query.periods or not wanted:
                continue
            name = {"none": "", "policy": cell.policy, "route": cell.route}[query.group]
            if query.top:
                start, name = query.start, cell.identity.hex()
            found.setdefault((start, name), Counter()).update(cell.counts)
    names: dict[str, Counter[str]] = {}
    for (_, name), counted in found.items():
        names.setdefault(name, Counter()).update(counted)
    ranked = sorted(names, key=lambda name: (-names[name]["n"], name))
    grouped = query.top or query.group != "none"
    return Usage(
        query,
        () if query.top else tuple(Row(*place, figures(counted)) for place, counted in sorted(found.items())),
        tuple(Row(query.start, name, figures(names[name])) for name in ranked) if grouped else (),
        figures(sum(names.values(), Counter())),
    )


def _top(batches: Sequence[Batch], query: Query) -> list[bytes]:
    requests: Counter[bytes] = Counter()
    for batch in batches:
        for cell in batch.cells:
            if cell.hour - cell.hour % LENGTH[query.by] in query.periods and len(cell.identity) == 16:
                requests[cell.identity] += cell.counts["n"]
    return sorted(requests, key=lambda identity: (-requests[identity], identity))[: query.top]


async def agrees(store: UsageStore, batches: Sequence[Batch], handed: Sequence[Batch]) -> None:
    """Hand the batches over; each is new once, and every answer is the model's."""
    new = [(batch.gateway, batch.sequence) for batch in handed if await store.add(batch) is True and batch.cells]
    assert sorted(new) == sorted((batch.gateway, batch.sequence) for batch in batches if batch.cells)
    for query in QUERIES:
        assert await store.read(query) == expected(batches, query), query


def batch(sequence: int, *cells: Cell, gateway: str = "a") -> Batch:
    """A batch of one gateway."""
    return Batch(gateway, sequence, cells)


def cell(hour: int = THIS_HOUR, identity: bytes = SOMEBODY[0], requests: int = 1, route: str = "orders") -> Cell:
    """A cell of admitted requests."""
    return Cell(hour, identity, "free", route, {"n": requests, "t9": requests})
