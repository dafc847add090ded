import pytest

from policylang.check.header_names import (
    fold,
    is_header_text,
    spelling,
    why_not_removed,
    why_not_set,
)
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes


def test_spellings_that_some_server_takes_for_one_fold_to_one() -> None:
    assert fold("X_User-Id") == fold("x-USER_id") == "x-user-id"


@pytest.mark.parametrize(
    "name",
    [
        "Content-Length", "transfer_encoding", "CONNECTION", "Keep-Alive", "TE", "Trailer", "Upgrade", "Proxy-Anything",
        "Host", "Expect", "Forwarded", "X-Forwarded-For", "x_forwarded_user", "X-Real-IP", "Via", "HTTP2-Settings",
    ],
)  # fmt: skip
def test_nobody_writes_what_frames_or_routes_a_message(name: str) -> None:
    assert why_not_set(name, "request")
    assert why_not_set(name, "response")


def test_cookies_have_one_direction() -> None:
    assert why_not_set("Cookie", "request")
    assert why_not_set("Cookie", "response") is None
    assert why_not_set("Set_Cookie", "response")
    assert why_not_set("Set-Cookie", "request") is None


def test_the_gateway_writes_the_fields_of_limits() -> None:
    assert why_not_set("RateLimit", "response")
    assert why_not_set("RateLimit-Policy", "response")
    assert why_not_set("RateLimit", "request") is None


def test_ordinary_headers_and_authorization_may_be_set() -> None:
    assert why_not_set("X-User", "request") is None
    assert why_not_set("Authorization", "request") is None


def test_what_every_message_needs_stays() -> None:
    assert why_not_removed("host")
    assert why_not_removed("Transfer_Encoding")
    assert why_not_removed("Cookie") is None
    assert why_not_removed("Server") is None


def test_header_text_is_printable_ascii() -> None:
    assert is_header_text("")
    assert is_header_text(" ~!")
    assert not is_header_text("a\tb")
    assert not is_header_text("a\r\nb")
    assert not is_header_text("\x7f")
    assert not is_header_text("é")


def test_a_name_is_bare_or_quoted() -> None:
    assert spelling(nodes.Name(NOWHERE, "X-A")) == "X-A"
    assert spelling(nodes.Str(NOWHERE, "x_a")) == "x_a"
