"""Asking the admin API: what is sent, and words for every way of not being answered."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing

import click
import pytest

from gateway.commands.usage_client import Admin
from tests.gateway.commands.usage_answers import by_hour
from tests.gateway.commands.usage_api import Api, serving

CREDENTIAL = "c" * 40


@pytest.fixture
def api() -> Iterator[Api]:
    with serving() as served:
        yield served


def test_a_question_carries_the_credential_in_its_header_alone(api: Api) -> None:
    api.say(200, by_hour())
    assert Admin(api.url, CREDENTIAL).usage("aa" * 16, {"by": "day"}) == by_hour()
    (request,) = api.requests
    assert request.line == f"GET /v1/identities/{'aa' * 16}/usage?by=day"
    assert request.headers["authorization"] == f"Bearer {CREDENTIAL}"
    assert CREDENTIAL not in repr(Admin(api.url, CREDENTIAL))


def test_a_value_is_looked_up_in_a_body(api: Api) -> None:
    api.say(200, {"identity": "aa" * 16, "issuer": "corp", "claim": "sub"})
    assert Admin(api.url + "/", CREDENTIAL).lookup("corp", "ana é") == "aa" * 16
    (request,) = api.requests
    assert request.line == "POST /v1/identities/lookup"
    assert json.loads(request.body) == {"issuer": "corp", "value": "ana é"}
    assert request.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, {"title": "The credential is refused", "code": "x"}, "refused; the credential is not the gateway's"),
        (403, {"title": "The admin API is off", "detail": "set admin.credential"}, "is off; set admin.credential"),
        (422, {"title": "No", "errors": [{"pointer": "/query/top", "detail": "too large"}]}, "/query/top: too large"),
        (503, {"title": "The store does not answer"}, "The store does not answer"),
        (404, b"404: Not Found", "answered 404, and not as the admin API does"),
        (200, b"<html>", "answered 200, and not as"),
        (200, b"[]", "not as the admin API"),
        (500, {}, "status 500"),
    ],
)
def test_answers_that_are_none(api: Api, status: int, body: object, said: str) -> None:
    api.say(status, body)
    with pytest.raises(click.ClickException, match=re.escape(said)) as raised:
        Admin(api.url, CREDENTIAL).usage(None, {})
    assert CREDENTIAL not in raised.value.message


def test_a_lookup_that_answers_something_else(api: Api) -> None:
    api.say(200, {"identity": 5})
    with pytest.raises(click.ClickException, match="as the admin API does"):
        Admin(api.url, CREDENTIAL).lookup("corp", "ana")


def test_nobody_there() -> None:
    with closing(socket.socket()) as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(click.ClickException, match="Is the gateway running"):
            Admin(url, CREDENTIAL).usage(None, {})


def test_an_answer_that_breaks_off(api: Api) -> None:
    api.say(0, b"")
    with pytest.raises(click.ClickException, match="does not answer"):
        Admin(api.url, CREDENTIAL).usage(None, {})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gateway:8081",
        "ftp://x",
        "http://",
        "http://u:p@x",
        "http://x?a=b",
        "http://x:0",
        "http://x:99999",
        "http://[x",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(click.UsageError, match="--url") as raised:
        Admin(url, CREDENTIAL).usage(None, {})
    assert "u:p" not in raised.value.message


@pytest.mark.parametrize(
    ("url", "exposed"),
    [
        ("http://127.0.0.1:1", False),
        ("http://[::1]:1", False),
        ("http://localhost", False),
        ("https://gw.example", False),
        ("http://gw.example", True),
        ("http://10.0.0.5:8081", True),
    ],
)
def test_whether_the_credential_crosses_a_network(url: str, exposed: bool) -> None:
    assert Admin(url, CREDENTIAL).exposed is exposed
