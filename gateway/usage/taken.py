"""Which batches were taken: the rule by which every store takes each batch once."""

from gateway.usage.port import WINDOW

GATEWAYS_AT_MOST = 1_024


class Taken:
    """The last sequence numbers of each gateway; of gateways, those that were heard of last."""

    def __init__(self) -> None:
        self._seen: dict[str, set[int]] = {}

    def take(self, gateway: str, sequence: int) -> bool:
        """Whether this batch is new. One that is WINDOW older than the newest counts as taken: nobody can tell."""
        seen = self._seen.pop(gateway, set())
        self._seen[gateway] = seen
        if len(self._seen) > GATEWAYS_AT_MOST:
            del self._seen[next(iter(self._seen))]
        if sequence in seen or sequence <= max(seen, default=0) - WINDOW:
            return False
        seen.add(sequence)
        newest = max(seen)
        seen -= {old for old in seen if old <= newest - WINDOW}
        return True
