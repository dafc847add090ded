"""Identities as text: the same digest as the token that bears them."""

import pytest

from gateway.policy.identity_text import bearing
from policylang.embed import virtual_identity
from tests.strategies.tokens import claim, issuer

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("term", "text", "borne"),
    [
        (("text", 1, 64), "u1", "u1"),
        (("text", 1, 64), "7", "7"),
        (("text", 1, 64), " ünï ", " ünï "),
        (("email",), "ana@example.com", "ana@example.com"),
        (("int", 0, 99), "7", 7),
        (("int", -9, 9), "-7", -7),
        (("time",), "1700000000", 1_700_000_000),
        (("bool",), "true", True),
        (("bool",), "false", False),
    ],
)
def test_text_is_what_a_token_bears(term: tuple[object, ...], text: str, borne: object) -> None:
    spec = issuer(claims=(claim("roles", ("set", ("slug",))), claim("sub", term), claim("tenant", ("slug",))))
    claims = bearing(spec, text)
    assert claims == (None, borne, None)
    assert type(claims[1]) is type(borne)
    assert virtual_identity(spec, claims, KEY) == virtual_identity(spec, (frozenset({"a"}), borne, "acme"), KEY)


@pytest.mark.parametrize("text", ["", "x", "7.0", "1e3", "07", " 7", "7_0", "٣", "+7", "9" * 5000, "true"])
@pytest.mark.parametrize("term", [("int", 0, 99), ("time",)])
def test_what_is_no_integer(term: tuple[object, ...], text: str) -> None:
    with pytest.raises(ValueError, match=r"^identities of corp are integers$"):
        bearing(issuer(claims=(claim("sub", term),)), text)


@pytest.mark.parametrize(("term", "text"), [(("bool",), "1"), (("bool",), "True"), (("text", 1, 9), "a\ud800")])
def test_what_no_token_can_bear(term: tuple[object, ...], text: str) -> None:
    with pytest.raises(ValueError, match="identities of corp") as caught:
        bearing(issuer(claims=(claim("sub", term),)), text)
    assert text not in str(caught.value)
