"""Writing a file of a rule set: whole or not at all, and only over the text that was read.

Law of this file: nothing outside the rule set's root is ever written, whatever links and names say.
"""

import os
import tempfile
from pathlib import Path

from policylang.source.text import SourceText


class NotWritten(Exception):
    """A file was left as it is; the text says why, in words that follow its name."""


def replace_text(root: Path, source: SourceText, text: str) -> None:
    """Put ``text`` in the place of a file that was read as ``source``. The file keeps its mode; a reader sees all or nothing.

    Raises:
        NotWritten: it has changed since, leads out of the rule set, or cannot be written.
    """
    try:
        base = root.resolve(strict=True)
        target = (base / source.path).resolve(strict=True)
        if not target.is_relative_to(base):
            raise NotWritten("leads out of the rule set")
        if target.read_bytes() != source.text.encode("utf-8"):
            raise NotWritten("has changed since it was read")
        _replace(target, text.encode("utf-8"))
    except OSError as error:
        raise NotWritten(f"cannot be written: {(error.strerror or type(error).__name__).lower()}") from error


def _replace(target: Path, content: bytes) -> None:
    mode = target.stat().st_mode
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as scratch:
        name = Path(scratch.name)
        try:
            scratch.write(content)
            scratch.flush()
            os.fsync(scratch.fileno())
            name.chmod(mode & 0o7777)
            name.replace(target)
        except OSError:
            name.unlink(missing_ok=True)
            raise
