"""What is wrong by a schema: a place, words, and none of what somebody wrote."""

from typing import Any

import pytest

from gateway.admin.document import read_document

DOCUMENT = read_document()


@pytest.mark.parametrize(
    ("schema", "value", "pointer", "said"),
    [
        ("IdentityWrite", {}, "", "a member is missing: metadata"),
        ("IdentityWrite", {"metadata": {}, "SECRET": 1}, "", "member 2 is not known; known are metadata, expires"),
        ("IdentityWrite", {"metadata": "SECRET"}, "/metadata", "expected an object"),
        ("IdentityWrite", {"metadata": {"a": 1, "SECRET": {}}}, "/metadata", "member 2 of it: "),
        ("IdentityWrite", {"metadata": {"SECRET": ["a", 1]}}, "/metadata", "member 1 of it: expected a text"),
        ("IdentityPatch", {"expires": "SECRET"}, "/expires", "is not of the form"),
        ("Lookup", {"issuer": "corp", "value": ""}, "/value", "minLength is 1"),
        ("KeyPatch", {"disabled": "SECRET"}, "/disabled", "expected true or false"),
        ("NewKey", {"proof": {"kind": "hmac", "alg": "SECRET"}}, "/proof/alg", "expected one of HS256, HS384, HS512"),
        ("NewKey", {"proof": {"kind": "SECRET"}}, "/proof", "none of the forms"),
        ("NewRevocation", {"identity": "SECRET"}, "/identity", "is not of the form"),
        ("Version", 0, "", "expected 1 to 9223372036854775807"),
        ("Version", True, "", "expected an integer"),
    ],
)
def test_words(schema: str, value: Any, pointer: str, said: str) -> None:
    (trouble,) = DOCUMENT.schema(f"/components/schemas/{schema}").troubles(value)
    assert trouble.pointer == pointer
    assert said in trouble.detail
    assert "SECRET" not in trouble.pointer + trouble.detail


def test_places_are_below_the_base_and_in_order() -> None:
    found = DOCUMENT.schema("/components/schemas/Lookup").troubles({"issuer": 1, "value": 2}, "/body")
    assert [one.pointer for one in found] == ["/body/issuer", "/body/value"]


def test_a_line_feed_ends_no_pattern() -> None:
    kid = DOCUMENT.schema("/components/schemas/Name")
    assert kid.troubles("partners") == []
    assert kid.troubles("partners\n") != []
