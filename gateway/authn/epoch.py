"""The epoch: one integer that everything cached was checked against."""


class Epoch:
    """A key set that changed, a plan that was swapped or a revocation raises ``value``.

    What was checked in an older epoch checks itself again when it is next used: no scan, no stampede.
    """

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def bump(self) -> None:
        """Make everything cached look again."""
        self.value += 1
