"""What a process that serves has in memory: asked of a fresh interpreter, since contracts see files and not processes."""

import json
import subprocess
import sys

import pytest

PARSER = {"lark", "policylang.syntax", "policylang.check", "policylang.ir", "policylang.reference", "policylang.source"}


def loaded(statement: str) -> set[str]:
    program = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", ["policylang.embed", "gateway.app", "gateway.commands.serve"])
def test_the_serving_side_never_loads_the_parser(module: str) -> None:
    assert not PARSER & loaded(f"import {module}")


def test_the_door_needs_no_schema_validator() -> None:
    assert "jsonschema" not in loaded("import policylang.embed")


def test_the_package_itself_imports_nothing() -> None:
    bare = loaded("import sys")
    assert loaded("import policylang") - bare == {"policylang"}


def test_the_oracle_loads_none_of_what_it_judges() -> None:
    judged = {"policylang.ir", "policylang.codegen", "policylang.plan.codec", "policylang.limits", "policylang.request"}
    assert not judged & loaded("import policylang.reference.oracle")
