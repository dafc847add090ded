"""The wheel holds what an installation needs: every module, the grammar and the schemas; and runs without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HELLO = """language 1
route hello { match GET on "/hello"  trust anonymous  upstream "http://127.0.0.1:9000" }
allow see on hello always
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout; hatchling builds it without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_what_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    modules = {
        str(path.relative_to(ROOT)) for package in ("policylang", "gateway") for path in ROOT.glob(f"{package}/**/*.py")
    }
    schemas = {f"policylang/schemas/{path.name}" for path in (ROOT / "schemas").glob("*.json")}
    assert schemas
    assert modules | schemas | {"policylang/syntax/rules.lark"} <= names
    others = {name.split("/")[0] for name in names} - {"policylang", "gateway"}
    assert len(others) == 1, "one folder of metadata, and no tests, docs or site"


INSTALLED = """
import sys
from click.testing import CliRunner
import gateway, policylang
from policylang.cli.main import main

print(policylang.__file__, gateway.__file__)
for arguments in (
    ["check", "a.rules"],
    ["compile", "a.rules", "--output", "plan.json"],
    ["check", "plan.json", "--plan"],
    ["explain", "plan.json", "--request", "GET /hello"],
    ["check", "--explain", "R204"],
):
    done = CliRunner().invoke(main, arguments)
    print(done.output)
    if done.exit_code:
        sys.exit(f"{arguments}: {done.exit_code} {done.exception!r}")
"""


def test_it_checks_compiles_and_explains(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    (tmp_path / "a.rules").write_text(HELLO, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", INSTALLED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    where, _, said = done.stdout.partition("\n")
    assert all(Path(place).is_relative_to(tmp_path / "installed") for place in where.split())
    for part in ("no errors", "a valid plan", "200 allow", "R204: "):
        assert part in said
