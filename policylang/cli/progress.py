"""A progress bar on a terminal, for what takes long enough to ask whether it still runs."""

from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

PATIENCE_SECONDS = 1.0


class Bar:
    """Counts up to ``total``; shown on ``console`` once ``clock`` says that a second has gone by, and wiped at the end.

    Nothing is shown where the console is no terminal.
    """

    def __init__(self, what: str, total: int, console: Console, clock: Callable[[], float]) -> None:
        self._what = what
        self._total = total
        self._console = console
        self._clock = clock
        self._begun = clock()
        self._done = 0
        self._progress: Progress | None = None

    def __enter__(self) -> "Bar":
        """Nothing is shown yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The bar goes away, whatever happened."""
        if self._progress is not None:
            self._progress.stop()

    @property
    def shown(self) -> bool:
        """Whether the bar has come up."""
        return self._progress is not None

    def advance(self) -> None:
        """One more is done."""
        self._done += 1
        if self._progress is None:
            if not self._console.is_terminal or self._clock() - self._begun < PATIENCE_SECONDS:
                return
            columns = (TextColumn(self._what), BarColumn(), MofNCompleteColumn())
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._progress.add_task(self._what, total=self._total)
            self._progress.start()
        self._progress.update(self._progress.task_ids[0], completed=self._done)
