import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.keys.names import (
    JTI_DIGEST_BYTES,
    Subject,
    jti_digest,
    key_name,
    metadata_name,
    parse_key_name,
    parse_revocation_name,
    revocation_name,
)

KID = "0123456789abcdef"
SUBJECTS = st.one_of(
    st.builds(Subject, st.just("identity"), st.just(""), st.binary(min_size=16, max_size=16)),
    st.builds(Subject, st.just("issuer"), st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), st.just(b"")),
    st.builds(
        Subject,
        st.just("jti"),
        st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
        st.binary(min_size=JTI_DIGEST_BYTES, max_size=JTI_DIGEST_BYTES),
    ),
)


@given(SUBJECTS)
def test_a_revocations_name_says_whom_it_concerns(subject: Subject) -> None:
    assert parse_revocation_name(revocation_name(subject)) == subject


def test_the_names_that_others_agreed_on() -> None:
    assert key_name("partners", KID) == f"partners:{KID}"
    assert metadata_name("partners", KID) == f"key:partners:{KID}"
    assert parse_key_name(f"partners:{KID}") == ("partners", KID)
    assert revocation_name(Subject("identity", "", b"\0" * 16)) == "identity:" + "00" * 16


@pytest.mark.parametrize(
    "name",
    ["", "identity:", "identity:" + "0" * 31, "identity:" + "A" * 32, "identity:" + "0" * 32 + "\n", "issuer:",
     "issuer:Corp", "issuer:a:b", "jti:corp:00", "jti::" + "0" * 30, "key:x", "jti:corp:" + "g" * 30],
)  # fmt: skip
def test_what_does_not_fit_exactly_is_no_revocation(name: str) -> None:
    assert parse_revocation_name(name) is None


@pytest.mark.parametrize(
    "name", ["", KID, f":{KID}", f"Partners:{KID}", f"a:b:{KID}", f"a:{KID}0", f"a:{KID.upper()}", f"a:{KID}\n"]
)
def test_what_does_not_fit_exactly_is_no_key(name: str) -> None:
    assert parse_key_name(name) is None


def test_a_jti_belongs_to_its_issuer_character_for_character() -> None:
    assert len(jti_digest("corp", "j")) == JTI_DIGEST_BYTES
    digests = [jti_digest(*one) for one in (("corp", "j"), ("corp", "J"), ("corpj", ""), ("cor", "pj"), ("corp", "j "))]
    assert len(set(digests)) == 5
