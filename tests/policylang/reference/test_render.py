from typing import Literal

import pytest

from policylang.check.model import IdentityToken, Joined, Ref, SecretValue, SetHeader, Template, Value
from policylang.reference.render import RenderFaultError, RenderRefusedError, folded, header, mint
from policylang.reference.values import ABSENT, FAULT, Facts, Mark, StuckError
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Text

CLAIMS: dict[str, Value | Literal[Mark.ABSENT]] = {
    "sub": "u1", "n": -5, "flag": True, "gone": ABSENT, "roles": frozenset({"b", "a", "B"}), "none": frozenset[str](),
    "bad": "a\r\nX: y", "wide": "\u00e9", "tab": "a\tb", "del": "\x7f", "edge": " root", "braces": "{claims.n}",
    "commas": frozenset({"a,b"}), "void": "", "long": "x" * 4097,
}  # fmt: skip
FACTS = Facts(0, "corp", CLAIMS, FAULT, {"id": 7}, {}, "127.0.0.1", "::1")


def ref(name: str, root: str = "claims") -> Ref:
    return Ref(NOWHERE, Text(), root, name, False)  # type: ignore[arg-type]


def rendered(value: Template | Joined | SecretValue, omit: str | None = None) -> str | None:
    return header(SetHeader("request", ("r",), "X-A", value, omit, NOWHERE), FACTS, {"s": "hush"})  # type: ignore[arg-type]


def template(*parts: str | Ref) -> Template:
    return Template(parts)


def test_templates() -> None:
    assert (
        rendered(template("u=", ref("sub"), ";", ref("n"), ";", ref("flag"), ";", ref("id", "path")))
        == "u=u1;-5;true;7"
    )
    assert rendered(template()) == ""
    assert rendered(template(ref("ip", "client"), "-", ref("ip", "peer"))) == "127.0.0.1-::1"
    assert rendered(SecretValue("s")) == "hush"


def test_a_value_is_never_read_as_a_template() -> None:
    assert rendered(template(ref("braces"))) == "{claims.n}"


@pytest.mark.parametrize("name", ["bad", "wide", "tab", "del", "edge", "long"])
def test_what_cannot_stand_in_a_header_refuses(name: str) -> None:
    with pytest.raises(RenderRefusedError):
        rendered(template(ref(name)))


def test_sets_render_in_code_point_order() -> None:
    assert rendered(Joined(ref("roles"), ",")) == "B,a,b"
    assert rendered(Joined(ref("none"), ",")) == ""
    with pytest.raises(RenderRefusedError):
        rendered(Joined(ref("commas"), ","))
    assert rendered(Joined(ref("commas"), ";")) == "a,b"


def test_omission() -> None:
    assert rendered(template("x", ref("gone")), "absent") is None
    assert rendered(template("x", ref("gone")), "empty") is None
    assert rendered(template(ref("void")), "absent") == ""
    assert rendered(template(ref("void")), "empty") is None
    assert rendered(Joined(ref("none"), ","), "empty") is None
    assert rendered(Joined(ref("gone"), ","), "absent") is None
    with pytest.raises(StuckError):
        rendered(template(ref("gone")))


def test_a_fault_is_no_absence() -> None:
    with pytest.raises(RenderFaultError):
        rendered(template(ref("x", "metadata")), "absent")


def test_sets_have_no_place_in_templates_nor_texts_in_joins() -> None:
    with pytest.raises(StuckError):
        rendered(template(ref("roles")))
    with pytest.raises(StuckError):
        rendered(Joined(ref("sub"), ","))


def token(**claims: Ref) -> IdentityToken:
    return IdentityToken(
        "t", ("r",), "svc", ref("sub"), 60_000_000, "X-Identity", False, tuple(claims.items()), NOWHERE
    )


def test_minted_claims_are_the_declared_ones() -> None:
    made = mint(token(roles=ref("roles"), bad=ref("bad"), gone=ref("gone"), flag=ref("flag")), FACTS)
    assert made == ("t", "X-Identity", "u1", (("bad", "a\r\nX: y"), ("flag", True), ("roles", ("B", "a", "b"))))
    with pytest.raises(RenderFaultError):
        mint(token(x=ref("x", "metadata")), FACTS)


def test_folding() -> None:
    assert folded("X_User-Id") == folded("x-user_id") == "x-user-id"
