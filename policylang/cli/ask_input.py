"""A question from the command line: a request, a token or claims, metadata, a time; made into what the simulation takes."""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from policylang.plan.model import Issuer, Plan
from policylang.runtime.ask import Ask
from policylang.token.compact import read_compact
from policylang.token.errors import TokenRefused

SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LIFETIME = 1800
_KEY = re.compile(rb"[0-9a-f]{16}\.[A-Za-z0-9_-]{43}")
_NO_TOKEN = frozenset(("not_compact", "not_base64url"))


@dataclass(frozen=True, slots=True)
class Given:
    """The options as they were typed; None is not given."""

    request: str
    headers: Sequence[str]
    host: str
    token: str | None
    claims: str | None
    issuer: str | None
    metadata: str | None
    at: str | None
    client_ip: str


def ask_of(given: Given, plan: Plan) -> Ask:
    """The question. Raises click's usage error for what cannot be understood."""
    method, _, target = given.request.partition(" ")
    if not target.startswith("/") or not method:
        raise click.UsageError('--request is a method and a target, such as "GET /v1/acme/orders"')
    now = instant(given.at)
    issuer = None if given.claims is None else _issuer(given.issuer, plan)
    return Ask(
        now=now,
        method=method,
        target=target,
        host=given.host,
        headers=tuple(_header(text) for text in given.headers),
        payload=_payload(given, issuer, now),
        keyring=issuer.name if issuer is not None and issuer.opaque else None,
        token=_token(given),
        metadata=_metadata(given.metadata),
        peer_ip=given.client_ip,
        client_ip=given.client_ip,
    )


def _payload(given: Given, issuer: Issuer | None, now: int) -> bytes | None:
    if given.claims is None or issuer is None:
        return None
    claims = _object("--claims", given.claims)
    if issuer.opaque:
        return json.dumps(claims).encode()
    filled: dict[str, Any] = {
        "iss": issuer.iss,
        "aud": issuer.audience[0],
        "iat": now // SECOND,
        "exp": now // SECOND + min(LIFETIME, (issuer.lifetime_micros or LIFETIME * SECOND) // SECOND),
    }
    if issuer.marked is not None and issuer.marked.value is not None and len(issuer.marked.path) == 1:
        filled[issuer.marked.path[0]] = issuer.marked.value
    return json.dumps({**filled, **claims}).encode()


def _token(given: Given) -> bytes | None:
    if given.token is None:
        return None
    if given.claims is not None:
        raise click.UsageError("give a token or claims, not both")
    token = given.token.strip().removeprefix("Bearer ").encode("ascii", "replace")
    if _KEY.fullmatch(token):
        raise click.UsageError(
            "this is an access key: what it stands for is kept in the gateway's store; give that as --claims, with the "
            "keyring as --issuer"
        )
    try:
        read_compact(token)
    except TokenRefused as refused:
        # What is no token at all is a slip of the hand; what a gateway would refuse is an answer to be explained.
        if refused.reason in _NO_TOKEN:
            raise click.UsageError("this is no token in compact form: three parts with dots between") from None
    return token


def _issuer(name: str | None, plan: Plan) -> Issuer:
    names = ", ".join(issuer.name for issuer in plan.issuers)
    if name is None:
        if len(plan.issuers) != 1:
            raise click.UsageError(f"say whose claims these are: --issuer, one of {names}")
        return plan.issuers[0]
    for issuer in plan.issuers:
        if issuer.name == name:
            return issuer
    raise click.UsageError(f"no issuer is called {name}; there are {names}")


def _metadata(text: str | None) -> dict[str, Any] | None:
    if text == "down":
        return None
    return {} if text is None else _object("--metadata", text)


def _object(option: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{option} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise click.UsageError(f"{option} is not a JSON object")
    return value


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise click.UsageError('--header is "Name: value"; one has no colon, or no name before it')
    return name.strip(), value.strip()


def instant(text: str | None) -> int:
    """Microseconds since 1970 of what ``--at`` says; None: now.

    Raises:
        click.UsageError: it is no instant with a time zone.
    """
    if text is None:
        return time.time_ns() // 1000
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"--at is an instant such as 2026-01-31T12:00:00Z: {error}") from error
    if moment.tzinfo is None:
        raise click.UsageError("--at needs a time zone: end it with Z for UTC")
    return (moment - EPOCH) // timedelta(microseconds=1)
