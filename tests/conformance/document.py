"""The documents of the suite: TOML, checked against ``schemas/conformance.v1.json`` before anything is made of them."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from policylang.runtime.ask import Ask

DATA = Path(__file__).parent / "data"
SCHEMA = Path(__file__).parents[2] / "schemas" / "conformance.v1.json"

Document = Mapping[str, Any]
Expect = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One request and what it must come to. ``credential`` is where the token travels."""

    ask: Ask
    expect: Expect
    credential: str = "bearer"


@dataclass(frozen=True, slots=True)
class Case:
    """Requests one after the other, before which nothing is counted.

    ``on_wire`` False: no gateway can be brought to hold what it presents.
    """

    name: str
    steps: tuple[Step, ...]
    on_wire: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule set that the compiler refuses with a code."""

    name: str
    rules: str
    code: str


@dataclass(frozen=True, slots=True)
class Suite:
    """A rule set and its cases. ``files`` are texts by name; without any there is nothing to ask."""

    name: str
    files: Mapping[str, str]
    cases: tuple[Case, ...]
    refused: tuple[Refused, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict)


def paths() -> list[Path]:
    """Every document, by name."""
    return sorted(DATA.glob("*.toml"))


@cache
def read(path: Path) -> Document:
    """A document that fits the schema. Raises ValueError with every complaint."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    complaints = [
        f"{path.name}: {'.'.join(map(str, error.absolute_path))}: {error.message}"
        for error in validator().iter_errors(document)
    ]
    if complaints:
        raise ValueError("\n".join(complaints))
    return document


@cache
def validator() -> Draft202012Validator:
    """The schema of documents."""
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def tables() -> Document:
    """What operators are crossed with."""
    return read(DATA / "tables.toml")
