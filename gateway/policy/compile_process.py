"""Rules to a plan file by a child process: the parser and the checker never enter the process that serves."""

import asyncio
import sys
from pathlib import Path

COMPILE_SECONDS = 300


class RulesRefused(Exception):
    """The rules do not compile; the message is the compiler's own diagnostics."""


async def compile_rules(rules: Path, environment: str | None, output: Path) -> None:
    """Write the plan of a rule set to ``output``. Raises RulesRefused with the diagnostics when there is none.

    The child is ended when this call is cancelled or takes too long; ``output`` is written whole or not at all.
    """
    command = [sys.executable, "-m", "policylang.cli.main", "compile", str(rules), "--output", str(output)]
    if environment is not None:
        command += ["--env", environment]
    child = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        said, _ = await asyncio.wait_for(child.communicate(), COMPILE_SECONDS)
    except TimeoutError as error:
        raise RulesRefused(f"the rules did not compile within {COMPILE_SECONDS} seconds") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise RulesRefused(said.decode("utf-8", "replace").strip() or f"the compiler ended with {child.returncode}")
