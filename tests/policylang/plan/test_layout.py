import hashlib
import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.plan import layout
from policylang.plan.codec import encode
from policylang.plan.layout import canonical
from policylang.plan.model import Plan, Position
from tests.strategies.documents import lines, loaded, sealed
from tests.strategies.modules import everything, planned

PLAN = planned(everything())


def test_members_are_those_of_the_plan_in_order() -> None:
    assert list(layout.MEMBERS) == sorted(field.name for field in fields(Plan))
    assert layout.MEMBERS[-1] == "whole"
    assert set(layout.MEMBERS) - layout.TABLES == {"format", "language", "metadata", "semantic", "whole"}


def test_a_document_is_json_a_line_at_a_time() -> None:
    document = encode(PLAN)
    assert document == lines(loaded(document), closed=True)
    for line in document.decode().splitlines():
        text = line.removesuffix(",")
        if text not in ("{", "}", "]") and not text.endswith(":["):
            assert json.loads(f"{{{text}}}" if text.startswith('"') and '":' in text else text)


def test_digests_are_those_of_the_specification() -> None:
    document = encode(PLAN)
    assert sealed(loaded(document)) == document


def test_digests_can_be_taken_with_common_tools() -> None:
    """``sed '/^"whole":/,$d' plan.json | sha256sum``"""
    document = encode(PLAN)
    assert hashlib.sha256(document[: document.index(b'"whole":')]).hexdigest() == PLAN.whole


def test_the_semantic_digest_minds_no_places() -> None:
    digests, others = layout.Digests(), layout.Digests()
    digests.line(b'{"at":5,"condition":{"at":[1,22],"binding":"token"},"name":"x"}\n')
    others.line(b'{"at":77,"condition":{"at":[],"binding":"token"},"name":"x"}\n')
    assert digests.semantic == others.semantic
    assert digests.whole != others.whole


def test_the_semantic_digest_minds_a_text_that_looks_like_a_place() -> None:
    digests, others = layout.Digests(), layout.Digests()
    digests.line(b'{"name":"\\"at\\":5,"}\n')
    others.line(b'{"name":"\\"at\\":6,"}\n')
    assert digests.semantic != others.semantic


def test_members_of_places_have_no_meaning() -> None:
    for member in layout.PLACES:
        digests, others = layout.Digests(), layout.Digests()
        digests.member(member)
        digests.line(b"[0,1,1,1,2]\n")
        assert digests.semantic == others.semantic
        assert digests.whole != others.whole
        digests.member("rules")
        digests.line(b"x\n")
        assert digests.semantic != others.semantic


def test_elements_have_sorted_members_and_no_blanks() -> None:
    assert layout.element(Position(0, 1, 2, 3, 4)) == "[0,1,2,3,4]"
    assert layout.element("é\n") == '"é\\n"'
    text = layout.element(PLAN.rules[0])
    assert text == layout.canonical(json.loads(text))
    assert text.startswith('{"at":')


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.booleans(),
)
def test_the_kept_encoder_writes_what_json_writes(value: object, without: bool) -> None:
    wanted = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    with pytest.MonkeyPatch.context() as patch:
        if without:
            patch.setattr(json.encoder, "c_make_encoder", None)
        written = layout._encoder(sort_keys=True)(value)
    assert written == canonical(value) == wanted
