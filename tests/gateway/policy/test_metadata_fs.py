"""Metadata files: what is read, and files that are refused without a word of what is in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.policy import metadata_fs
from gateway.policy.identity_text import bearing
from gateway.policy.metadata_fs import MetadataFileRefused, read_metadata
from policylang.embed import virtual_identity
from policylang.plan.model import Claim
from tests.strategies.tokens import CORP, claim, issuer

KEY = b"k" * 32
NUMBERED = issuer(name="numbered", claims=(claim("sub", ("int", 0, 999)),))
ISSUERS = (CORP, NUMBERED)
SPECS = (
    claim("blocked", ("bool",), default=(False,)),
    claim("plan", ("enum", "free", "gold"), optional=True),
    claim("roles", ("set", ("slug",)), default=((),)),
)


def read(folder: Path, content: Any, specs: tuple[Claim, ...] = SPECS) -> dict[bytes, Any]:
    path = folder / "metadata.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return dict(read_metadata(path, ISSUERS, specs, KEY))


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
    assert str(caught.value).startswith(("metadata.json: ", "metadata.json:1: "))
    assert "secret" not in str(caught.value)
    assert "sesame" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MetadataFileRefused, match="cannot be read: No such file"):
        read_metadata(tmp_path / "none.json", ISSUERS, SPECS, KEY)
    with pytest.raises(MetadataFileRefused, match="cannot be read: Is a directory"):
        read_metadata(tmp_path, ISSUERS, SPECS, KEY)


def test_a_file_past_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata_fs, "MAX_BYTES", 10)
    assert read(tmp_path, b"{        }") == {}
    with pytest.raises(MetadataFileRefused, match="larger than 10 bytes"):
        read(tmp_path, b"{         }")


LAID_OUT = b"""{
  "corp": {
    "u1": {"roles": ["a"]},
    "ana-secret": {
      "rolse": ["a"],
      "plan": "sesame",
      "roles": "a",
      "blocked": null
    },
    "u3": {"team": {"bob-secret": 1}}
  },
  "numbered": {"7": {"blocked": "true"}}
}"""


def test_facts_that_do_not_fit_are_told_with_line_issuer_entry_and_what_was_expected(tmp_path: Path) -> None:
    unknown = (
        "metadata.json:{}: corp: entry {}: member 1 is no field of metadata: the rules declare blocked, plan, roles"
    )
    with pytest.raises(MetadataFileRefused) as caught:
        read(tmp_path, LAID_OUT)
    assert str(caught.value).splitlines() == [
        f"{unknown.format(5, 2)}; did you mean `roles`?",
        'metadata.json:6: corp: entry 2: `plan`: expected one of "free", "gold", found a text that is none',
        "metadata.json:7: corp: entry 2: `roles`: expected set of slug, found a text",
        "metadata.json:8: corp: entry 2: `blocked`: expected bool, found null",
        unknown.format(10, 3),
        "metadata.json:12: numbered: entry 1: `blocked`: expected bool, found a text",
        "nothing of metadata.json was loaded: mend it, or declare in the rules' metadata block what it holds",
    ]


def test_a_fact_that_is_missing(tmp_path: Path) -> None:
    required = (claim("tier", ("int", 0, 9)),)
    with pytest.raises(MetadataFileRefused, match=r"`tier`: expected int 0\.\.9, and there is no such member"):
        read(tmp_path, {"corp": {"u1": {}}}, required)
    assert len(read(tmp_path, {"corp": {}}, required)) == 0


def test_rules_that_declare_no_metadata(tmp_path: Path) -> None:
    assert len(read(tmp_path, {"corp": {"u1": {}}}, ())) == 1
    with pytest.raises(MetadataFileRefused, match="member 1 is no field of metadata: the rules declare none"):
        read(tmp_path, {"corp": {"u1": {"roles": []}}}, ())


def test_of_many_mistakes_the_first_are_told(tmp_path: Path) -> None:
    with pytest.raises(MetadataFileRefused, match="and 90 more like these"):
        read(tmp_path, {"corp": {f"u{n}": {"roles": n} for n in range(100)}})


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert len(read(tmp_path, b"\xef\xbb\xbf" + json.dumps({"corp": {"u1": {}}}).encode())) == 1
