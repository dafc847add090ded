import pytest

from policylang.check.claims import is_separator
from policylang.check.model import Claim
from tests.policylang.check.rule_sets import issuer, route, sound, told


def claims_of(claims: str) -> dict[str, Claim]:
    module = sound(issuer("odd", claims=f"sub: text(1..128)  {claims}") + route("odd", trust="odd"))
    return {claim.name: claim for claim in module.issuers["odd"].claims}


def said_of(claims: str) -> list[str]:
    return told(issuer("odd", claims=f"sub: text(1..128)  {claims}") + route("odd", trust="odd"))


def test_a_claim_is_read_from_its_own_name_unless_it_says_otherwise() -> None:
    claims = claims_of('tenant: slug  org: slug from "https://example.com/org"  roles: set of text from ["a", "b"]')
    assert claims["tenant"].source == ("tenant",)
    assert claims["org"].source == ("https://example.com/org",)
    assert claims["roles"].source == ("a", "b")


def test_claims_are_sorted_by_name() -> None:
    module = sound(issuer("odd", claims="sub: text  b: slug  a: slug") + route("odd", trust="odd"))
    assert [claim.name for claim in module.issuers["odd"].claims] == ["a", "b", "sub"]


def test_constants_are_kept_in_canonical_form() -> None:
    claims = claims_of(
        'since: time default "2026-01-01T00:00:00Z"  net: cidr always "FD00::/8"  roles: set of slug default ["b", "a"]'
        "  on: bool default false  none: set of slug default []"
    )
    assert claims["since"].default == 1767225600
    assert claims["net"].always == "fd00::/8"
    assert claims["roles"].default == frozenset({"a", "b"})
    assert claims["on"].default is False
    assert claims["none"].default == frozenset()


def test_every_modifier_arrives() -> None:
    claims = claims_of('risk: int 0..9 optional null as absent  scope: set of text split ","')
    assert claims["risk"].optional
    assert claims["risk"].null_as_absent
    assert claims["scope"].split == ","
    assert not claims["scope"].optional


@pytest.mark.parametrize(
    ("claims", "codes"),
    [
        ('x: slug optional default "a"', ["R405"]),
        ('x: slug optional always "a"', ["R405"]),
        ('x: slug default "a" always "a"', ["R405"]),
        ('x: slug always "a" from "y"', ["R405"]),
        ('x: set of text always ["a"] split " "', ["R405"]),
        ('x: slug always "a" null as absent', ["R405"]),
        ("x: slug null as absent", ["R408"]),
        ('x: slug default "a" null as absent', []),
        ('x: slug split " "', ["R406"]),
        ('x: set of text split ""', ["R407"]),
        ('x: set of text split "ab"', ["R407"]),
        ('x: set of text split "\\t"', ["R407"]),
        ('x: set of text split "é"', ["R407"]),
        ('x: set of text split "{claims.sub}"', ["R257"]),
        ('x: slug default "A"', ["R404"]),
        ("x: slug default 1", ["R404"]),
        ("x: set of slug default true", ["R404"]),
        ("x: int 0..9 always 10", ["R404"]),
        ('x: slug from ["a", ""]', ["R411"]),
        ('x: slug from ["1", "2", "3", "4", "5", "6", "7", "8"]', []),
        ('x: slug from ["1", "2", "3", "4", "5", "6", "7", "8", "9"]', ["R411"]),
        ("x: slug  x: text", ["R250"]),
    ],
)
def test_modifiers(claims: str, codes: list[str]) -> None:
    assert said_of(claims) == codes


@pytest.mark.parametrize(
    ("claims", "codes"),
    [
        ("iss: text", ["R410"]),
        ("aud: set of text", ["R410"]),
        ("aud: text", ["R410"]),
        ("exp: int 0..9", ["R410"]),
        ("exp: time  nbf: time  iat: time optional", []),
        ("jti: text(1..64)", []),
        ("jti: slug", ["R410"]),
        ('issued: text from "iat"', ["R410"]),
        ('issued: time from "iat"', []),
        ('exp: text from "other"', ["R410"]),
        ('deep: text from ["a", "exp"]', []),
        ('who: text from "iss"', ["R410"]),
    ],
)
def test_registered_claims_keep_their_meaning(claims: str, codes: list[str]) -> None:
    assert said_of(claims) == codes


def test_metadata_has_a_freshness_of_its_own_or_the_usual_one() -> None:
    stated = sound("metadata { fresh within 10s  roles: set of slug default [] }\n").metadata
    usual = sound("metadata { roles: set of slug default [] }\n").metadata
    assert stated is not None
    assert usual is not None
    assert (stated.fresh_micros, usual.fresh_micros) == (10_000_000, 30_000_000)
    assert stated.fields[0].source == ("roles",)


def test_metadata_may_be_named_like_a_registered_claim() -> None:
    assert told("metadata { fresh within 30s  jti: int 0..9 optional }\n") == []


def test_a_separator_is_one_printable_ascii_character() -> None:
    assert all(is_separator(c) for c in " ,;~!")
    assert not any(is_separator(c) for c in ("", ", ", "\x00", "\x7f", "é", "\n"))
