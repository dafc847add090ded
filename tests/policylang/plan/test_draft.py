import pytest

from policylang.check.model import Joined, Ref, SecretValue, SetHeader, Template
from policylang.plan.draft import header_exprs, reference, token_exprs
from policylang.typesys.terms import Ip, Text
from tests.strategies.modules import SLUGS, at, claims, everything, meta


@pytest.mark.parametrize(
    ("ref", "expr"),
    [
        (claims("sub", Text()), ("claim", "sub")),
        (meta("roles", SLUGS), ("meta", "roles")),
        (Ref(at(0), Text(), "path", "tenant", False), ("path", "tenant")),
        (Ref(at(0), Text(), "header", "x-kind", True), ("header", "x-kind")),
        (Ref(at(0), SLUGS, "policy", "grants", False), ("grants",)),
        (Ref(at(0), Ip(), "client", "ip", False), ("ip", "client")),
        (Ref(at(0), Ip(), "peer", "ip", False), ("ip", "peer")),
    ],
)
def test_references(ref: Ref, expr: tuple[str, ...]) -> None:
    assert reference(ref) == expr


def test_what_headers_are_made_of() -> None:
    sub = claims("sub", Text())

    def exprs(value: Template | Joined | SecretValue) -> object:
        return header_exprs(SetHeader("request", ("r",), "X", value, None, at(0)))

    assert exprs(Template(("a ", sub))) == (("lit", "text", "a "), ("claim", "sub"))
    assert exprs(Template(())) == (("lit", "text", ""),)
    assert exprs(Joined(meta("roles", SLUGS), ",")) == (("meta", "roles"),)
    assert exprs(SecretValue("hush")) == ()


def test_the_subject_comes_first_and_claims_by_name() -> None:
    assert token_exprs(everything().identity_tokens[0]) == (("claim", "sub"), ("meta", "roles"), ("claim", "tenant"))
