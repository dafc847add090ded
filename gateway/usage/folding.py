"""An answer made of counts as stores give them: summed by period and name, bounded in rows, nothing left out of the sum."""

from collections.abc import Mapping

from gateway.usage.counters import figures, merge
from gateway.usage.port import OTHER_NAME, Query, Row, Usage

ROWS_AT_MOST = 8_000


class Folding:
    """Counts are added in any order; then ``usage`` is the answer."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._sums: dict[tuple[int, str], dict[str, int]] = {}

    def add(self, start: int, policy: str, route: str, counts: Mapping[str, int]) -> None:
        """Counts of a period that begins at ``start``."""
        name = {"none": "", "policy": policy, "route": route}[self._query.group]
        self._add(start, name, counts)

    def add_identity(self, identity: bytes, counts: Mapping[str, int]) -> None:
        """Counts of one of the top identities, of any period and place."""
        self._add(self._query.start, identity.hex(), counts)

    def _add(self, start: int, name: str, counts: Mapping[str, int]) -> None:
        sums = self._sums.setdefault((start, name), {})
        merge(sums, counts)

    def usage(self) -> Usage:
        """The answer. Groups that are more than fit into the rows are summed as one, the smallest first."""
        kept = self._kept()
        rows: dict[tuple[int, str], dict[str, int]] = {}
        groups: dict[str, dict[str, int]] = {}
        total: dict[str, int] = {}
        for (start, name), counts in self._sums.items():
            shown = name if name in kept else OTHER_NAME
            merge(rows.setdefault((start, shown), {}), counts)
            merge(groups.setdefault(shown, {}), counts)
            merge(total, counts)
        query = self._query
        ranked = sorted(groups.items(), key=lambda group: (-group[1].get("n", 0), group[0]))
        grouped = query.top > 0 or query.group != "none"
        return Usage(
            query=query,
            rows=() if query.top else tuple(Row(*place, figures(counts)) for place, counts in sorted(rows.items())),
            groups=tuple(Row(query.start, name, figures(counts)) for name, counts in ranked) if grouped else (),
            total=figures(total),
        )

    def _kept(self) -> set[str]:
        most = max(self._query.top, ROWS_AT_MOST // len(self._query.periods), 1)
        requests: dict[str, int] = {}
        for (_, name), counts in self._sums.items():
            requests[name] = requests.get(name, 0) + counts.get("n", 0)
        return set(sorted(requests, key=lambda name: (-requests[name], name))[:most])
