import json
from pathlib import Path

import pytest

from policylang.plan import schema_files


def test_the_schema_of_plans_is_found_in_a_checkout() -> None:
    path = schema_files.schema_path("plan.v1")
    assert json.loads(path.read_text(encoding="utf-8")) == schema_files.load_schema("plan.v1")
    assert schema_files.load_schema("plan.v1")["$id"] == "urn:policylang:schema:plan.v1"


def test_an_installed_package_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "policylang"
    (package / "schemas").mkdir(parents=True)
    (package / "schemas" / "x.v1.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(schema_files, "PACKAGE", package)
    assert schema_files.schema_path("x.v1") == package / "schemas" / "x.v1.json"


def test_a_schema_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.v9\.json"):
        schema_files.schema_path("nothing.v9")
