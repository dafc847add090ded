"""``python -m tests.mutation``: changes the compiler's core with mutmut, one small change at a time, and counts who notices.

It works in a copy, ``.mutation/``, with mutmut in an environment of its own. ``--seconds`` bounds the whole; ``--share``
says how many mutants are tried. The survivors are printed as ``mutmut show`` in that copy takes them.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from time import monotonic

from tests.mutation.modules import LEFT_OUT, MODULES, TESTS, judged_by, sampled
from tests.mutation.table import row, table

ROOT = Path(__file__).parent.parent.parent
MUTMUT = "mutmut==3.8.1"
COPIED = ("policylang", "gateway", "schemas", "rules", "tests", "pyproject.toml")
FIRST = "policylang.limits.quota.x_quota_idle__mutmut_*"
"""A few mutants to begin with: mutmut generates all of them first, and learns which test reaches what."""


def main(arguments: list[str]) -> int:
    """Mutate; 1 where a mutant survived or was reached by no test, 2 where none could be tried."""
    reader = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    reader.add_argument("--seconds", type=int, default=2100, help="at most, for all of it")
    reader.add_argument("--share", type=float, default=1.15, help="times the square root of a module's mutants")
    reader.add_argument("--folder", type=Path, default=ROOT / ".mutation", help="where the copy is made anew")
    chosen = reader.parse_args(arguments)
    tool = _copied(chosen.folder)
    copy = chosen.folder / "copy"
    end = monotonic() + chosen.seconds
    _run(tool, copy, [FIRST], end)
    stats = copy / "mutants" / "mutmut-stats.json"
    if not stats.exists():
        print(
            "no test was seen to reach anything: the time was too short, or a test fails with mutmut's frames around it"
        )
        return 2
    stats.write_text(json.dumps(judged_by(json.loads(stats.read_text()))))
    codes = _codes(copy)
    _run(tool, copy, sampled({module: list(found) for module, found in codes.items()}, chosen.share), end)
    rows = [row(module, found) for module, found in _codes(copy).items()]
    print(table(rows))
    missed = [name for one in rows for name in (*one.survivors, *one.untested)]
    print("\n".join(missed))
    return 1 if missed else 0


def _copied(folder: Path) -> Path:
    """A fresh copy of the repository to change, and the mutmut that changes it."""
    shutil.rmtree(folder, ignore_errors=True)
    copy = folder / "copy"
    copy.mkdir(parents=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(_settings())
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", MUTMUT], check=True)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    # Everything else comes from the environment at hand; a path in here is not asked for the paths in it in turn.
    (site / "beside.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.with_name("mutmut")


def _settings() -> str:
    selection = [*TESTS, *(f"--deselect={test}" for test in LEFT_OUT)]
    return (
        f'\n[tool.mutmut]\nsource_paths = ["policylang/"]\nonly_mutate = {json.dumps([f"policylang/{m}" for m in MODULES])}\n'
        'also_copy = ["gateway/", "schemas/", "rules/"]\npytest_add_cli_args = ["-p", "no:cacheprovider"]\n'
        f"pytest_add_cli_args_test_selection = {json.dumps(selection)}\n"
        # No test has run in the process that mutants are forked from: nothing is remembered of the code without them.
        'process_isolation = "forkserver"\nforkserver_warmup = "collect"\n'
    )


def _run(tool: Path, copy: Path, names: list[str], end: float) -> None:
    """Try mutants, two at a time; what has an outcome when the time is up keeps it."""
    environment = {**os.environ, "HYPOTHESIS_PROFILE": "small", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    command = ["nice", "-n", "10", str(tool), "run", "--max-children", "2", *names]
    # A session of its own, for mutmut's workers outlive it when it alone is ended.
    with subprocess.Popen(command, cwd=copy, env=environment, start_new_session=True) as running:
        try:
            running.wait(max(0.0, end - monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            print("\nthe time is up: what was tried until then counts", flush=True)
        else:
            if running.returncode:
                print(f"\nmutmut ended with {running.returncode}", flush=True)


def _codes(copy: Path) -> dict[str, dict[str, int | None]]:
    """The exit code of each mutant, by module."""
    found = {}
    for path in sorted((copy / "mutants" / "policylang").rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"]
        if codes:
            found[str(path.relative_to(copy / "mutants" / "policylang")).removesuffix(".py.meta")] = codes
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
