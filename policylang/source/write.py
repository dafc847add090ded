"""Writing a file: whole or not at all; a file of a rule set only over the text that was read.

Law of this file: nothing of a rule set is ever written outside its root, whatever links and names say.
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
        there, wanted = target.read_bytes(), text.encode("utf-8")
        if there == wanted:
            return  # a link in the rule set may have led here before
        if there != source.text.encode("utf-8"):
            raise NotWritten("has changed since it was read")
        write_whole(target, wanted, target.stat().st_mode)
    except OSError as error:
        raise NotWritten(f"cannot be written: {(error.strerror or type(error).__name__).lower()}") from error


def write_whole(target: Path, content: bytes, mode: int) -> None:
    """Write beside ``target`` and rename: a reader sees what was there or all of ``content``, and a failure leaves nothing.

    Raises OSError. ``mode``: the permissions of the file.
    """
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
