import pytest

from policylang.check.callers import AUTHORIZATION, credential_place
from policylang.check.environment import Sink
from policylang.check.model import Credential
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes
from tests.policylang.check.rule_sets import issuer, route, told


def place(kind: str, name: str) -> tuple[Credential, list[str]]:
    sink = Sink()
    node = nodes.Credential(NOWHERE, "header" if kind == "header" else "cookie", nodes.Name(NOWHERE, name))
    return credential_place(node, sink), [diagnostic.code for diagnostic in sink.found]


def test_without_a_word_it_is_a_bearer_token() -> None:
    sink = Sink()
    assert credential_place(None, sink) == AUTHORIZATION
    assert sink.found == []


def test_headers_are_kept_in_lower_case_and_cookies_as_they_are() -> None:
    assert place("header", "X-Api-Key") == (Credential("header", "x-api-key"), [])
    assert place("cookie", "__Host-Id") == (Credential("cookie", "__Host-Id"), [])


@pytest.mark.parametrize("name", ["Authorization", "authorization", "Host", "Connection", "Content-Length"])
def test_headers_that_carry_something_else(name: str) -> None:
    assert place("header", name)[1] == ["R431"]


@pytest.mark.parametrize("source", ["issuer", "keyring"])
@pytest.mark.parametrize(
    ("declared", "codes"),
    [
        ("sub: text", []),
        ("sub: int 0..9", []),
        ("sub: text optional", ["R428"]),
        ('sub: text default "a"', ["R428"]),
        ('sub: text always "a"', ["R428"]),
        ("sub: set of text", ["R428"]),
        ("sup: text", ["R427"]),
    ],
)
def test_the_identity_tells_callers_apart(source: str, declared: str, codes: list[str]) -> None:
    keyring = f"keyring odd {{ identity by claims.sub claims {{ {declared} }} }}\n"
    text = issuer("odd", claims=declared) if source == "issuer" else keyring
    assert told(text + route("odd", trust="odd")) == codes
