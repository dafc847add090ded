"""Lua scripts from the files beside the Python that runs them."""

from pathlib import Path

from gateway.store.link import Script


def script_beside(module: str, *names: str) -> Script:
    """The script of the last name; the files of the names before it hold what it shares with others, and stand before it.

    ``module`` is the ``__file__`` of the module that runs it.
    """
    folder = Path(module).parent
    texts = [(folder / f"{name}.lua").read_text(encoding="utf-8") for name in names]
    return Script(names[-1], "".join(texts))
