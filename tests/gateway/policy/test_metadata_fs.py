"""Metadata files: what is read, and files that are refused without a word of what is in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.policy import metadata_fs
from gateway.policy.identity_text import bearing
from gateway.policy.metadata_fs import MetadataFileRefused, read_metadata
from policylang.embed import virtual_identity
from tests.strategies.tokens import CORP, claim, issuer

KEY = b"k" * 32
NUMBERED = issuer(name="numbered", claims=(claim("sub", ("int", 0, 999)),))
ISSUERS = (CORP, NUMBERED)


def read(folder: Path, content: Any) -> dict[bytes, Any]:
    path = folder / "metadata.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return dict(read_metadata(path, ISSUERS, KEY))


def test_entries_are_found_by_virtual_identity_alone(tmp_path: Path) -> None:
    entries = read(tmp_path, {"corp": {"u1": {"roles": ["a"]}, "7": {}}, "numbered": {"7": {"roles": []}}})
    assert entries == {
        virtual_identity(CORP, bearing(CORP, "u1"), KEY): {"roles": ["a"]},
        virtual_identity(CORP, bearing(CORP, "7"), KEY): {},
        virtual_identity(NUMBERED, (7,), KEY): {"roles": []},
    }
    assert read(tmp_path, {}) == {}
    assert read(tmp_path, {"corp": {}}) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON: line 1, column 1"),
        (b'{"corp": {"ana-secret": {"plan": sesame}}}', "not JSON: line 1, column 34"),
        (b'{"corp": {"\xff": {}}}', "not JSON: not UTF-8"),
        (b'{"corp": {"u1": {"a": ' + b"9" * 5000 + b"}}}", "not JSON: a number is too long"),
        (b"[" * 100_000, "nested too deeply"),
        (b'["ana-secret"]', "not an object of issuers"),
        (b'"ana-secret"', "not an object of issuers"),
        (b'{"corp": ["ana-secret"]}', "corp: not an object of identities"),
        (b'{"corp": {"u1": {}, "ana-secret": "sesame"}}', "corp: entry 2 is not an object of facts"),
        (b'{"corp": {}, "ana-secret": {"plan": "sesame"}}', "member 2 is named for no issuer; the rules have corp, numbered"),
        (b'{"numbered": {"ana-secret": {}}}', "numbered: entry 1: identities of numbered are integers"),
        (b'{"corp": {"a\\ud800": {}}}', "corp: entry 1: identities of corp are text"),
        (b'{"corp": {"ana-secret": {}, "ana-secret": {}}}', "a name stands twice in one object"),
        (b'{"corp": {}, "corp": {}}', "a name stands twice in one object"),
    ],
)  # fmt: skip
def test_files_that_are_refused_say_where_and_repeat_nothing(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(MetadataFileRefused) as caught:
        read(tmp_path, content)
    assert said in str(caught.value)
    assert str(caught.value).startswith("metadata.json: ")
    assert "secret" not in str(caught.value)
    assert "sesame" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MetadataFileRefused, match="cannot be read: No such file"):
        read_metadata(tmp_path / "none.json", ISSUERS, KEY)
    with pytest.raises(MetadataFileRefused, match="cannot be read: Is a directory"):
        read_metadata(tmp_path, ISSUERS, KEY)


def test_a_file_past_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata_fs, "MAX_BYTES", 10)
    assert read(tmp_path, b"{        }") == {}
    with pytest.raises(MetadataFileRefused, match="larger than 10 bytes"):
        read(tmp_path, b"{         }")
