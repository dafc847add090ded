import pytest

from gateway.authn.credential import find_credential
from gateway.message.refusal import Refusal
from policylang.plan.model import Credential

AUTHORIZATION = Credential("authorization", "")
HEADER = Credential("header", "x-token")
COOKIE = Credential("cookie", "session")

Lines = list[tuple[bytes, bytes]]


def kind(found: object) -> str:
    assert isinstance(found, Refusal)
    return f"{found.kind} {found.reason}"


@pytest.mark.parametrize("name", [b"Authorization", b"authorization", b"AUTHORIZATION"])
@pytest.mark.parametrize("value", [b"Bearer abc.def", b"bearer abc.def", b"BEARER   abc.def"])
def test_a_bearer_token(name: bytes, value: bytes) -> None:
    assert find_credential([(b"Host", b"h"), (name, value)], [AUTHORIZATION]) == (b"abc.def", 0)


@pytest.mark.parametrize(
    "value", [b"Basic dTpw", b"DPoP abc", b"abc.def", b"Bearer", b"Bearerabc", b"Bearer\tabc", b"", b"BearerX abc"]
)
def test_another_scheme_is_a_bad_credential(value: bytes) -> None:
    assert kind(find_credential([(b"Authorization", value)], [AUTHORIZATION])) == "credential_refused credential_scheme"


@pytest.mark.parametrize(
    ("line", "source"),
    [((b"Authorization", b"Bearer "), AUTHORIZATION), ((b"X-Token", b""), HEADER), ((b"Cookie", b"session="), COOKIE)],
)
def test_an_empty_credential_is_not_an_absent_one(line: tuple[bytes, bytes], source: Credential) -> None:
    assert kind(find_credential([line], [source])) == "credential_refused credential_empty"


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [(b"X-Authorization", b"Bearer a")],
        [(b"Proxy-Authorization", b"Bearer a")],
        [(b"Authorization2", b"Bearer a")],
        [(b"X_Token", b"a")],
        [(b"Cookie", b"Session=a; session2=b; xsession=c; session")],
        [(b"Cookie2", b"session=a")],
    ],
)
def test_absent(lines: Lines) -> None:
    assert find_credential(lines, [AUTHORIZATION, HEADER, COOKIE]) is None


def test_what_is_not_a_source_is_not_looked_at() -> None:
    lines = [(b"Authorization", b"Basic x"), (b"Authorization", b"Basic y"), (b"X-Token", b"t")]
    assert find_credential(lines, [HEADER]) == (b"t", 0)
    assert find_credential(lines, []) is None


def test_a_header_holds_the_token_and_nothing_else() -> None:
    assert find_credential([(b"X-TOKEN", b"a.b.c")], [AUTHORIZATION, HEADER]) == (b"a.b.c", 1)
    assert find_credential([(b"X-Token", b"Bearer a.b.c")], [HEADER]) == (b"Bearer a.b.c", 0)


@pytest.mark.parametrize(
    ("cookies", "token"),
    [
        ([b"session=a"], b"a"),
        ([b"x=1; session=a; y=2"], b"a"),
        ([b"x=1;session=a;"], b"a"),
        ([b"x=1", b"session=a"], b"a"),
        ([b"session=a=b=="], b"a=b=="),
        ([b'session="a"'], b'"a"'),
        ([b"; ; session=a ;"], b"a"),
        ([b"SESSION=b; session=a"], b"a"),
    ],
)
def test_a_cookie(cookies: list[bytes], token: bytes) -> None:
    assert find_credential([(b"Cookie", value) for value in cookies], [COOKIE]) == (token, 0)


@pytest.mark.parametrize(
    "lines",
    [
        [(b"Authorization", b"Bearer a"), (b"authorization", b"Bearer a")],
        [(b"Authorization", b"Bearer a"), (b"Authorization", b"Basic b")],
        [(b"Authorization", b"Bearer a"), (b"X-Token", b"a")],
        [(b"Authorization", b""), (b"X-Token", b"a")],
        [(b"X-Token", b"a"), (b"x-token", b"b")],
        [(b"X-Token", b"a"), (b"Cookie", b"session=a")],
        [(b"Cookie", b"session=a; session=b")],
        [(b"Cookie", b"session=a"), (b"cookie", b"x=1; session=a")],
        [(b"Cookie", b"session=; session=a")],
    ],
)
def test_of_two_credentials_none_is_chosen(lines: Lines) -> None:
    assert kind(find_credential(lines, [AUTHORIZATION, HEADER, COOKIE])) == "malformed credential_repeated"
