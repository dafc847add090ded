"""Asks a gateway's admin API, for ``policylang admin`` and ``policylang usage``; its problems become click's errors.

Law of this file: the credential goes over https, or to this machine; it is in no argument, no message and no redirect.
"""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from gateway.settings import SettingsRefused, read_settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SECONDS = 10
MOST_BYTES = 64 << 20


class ApiRefused(click.ClickException):
    """The API answered with a problem: exit code 1."""


class OutOfReach(click.ClickException):
    """The API, or its store, did not answer: exit code 3, since trying again may help."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class AdminClient:
    """One gateway's admin API. ``url`` ends without a slash."""

    url: str
    credential: bytes = field(repr=False)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: dict[str, str] | None = None,
        match: str | None = None,
    ) -> dict[str, Any]:
        """The answer's JSON, {} where it has none. Raises ApiRefused or OutOfReach."""
        headers = {"Authorization": f"Bearer {self.credential.decode('ascii')}"}
        if match is not None:
            headers["If-None-Match" if match == "new" else "If-Match"] = "*" if match == "new" else f'"{match}"'
        if body is not None:
            kind = "merge-patch+json" if method == "PATCH" else "json"
            headers["Content-Type"] = f"application/{kind}"
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            return asyncio.run(self._ask(method, path, query or {}, headers, data))
        except (ClientError, OSError, TimeoutError) as error:
            raise OutOfReach(f"{self.url} does not answer: {type(error).__name__}") from error

    async def _ask(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], data: bytes | None
    ) -> dict[str, Any]:
        url = URL(self.url + path).with_query(query)
        async with (
            ClientSession(timeout=ClientTimeout(total=SECONDS)) as session,
            session.request(method, url, headers=headers, data=data, allow_redirects=False) as answer,
        ):
            text = await answer.content.read(MOST_BYTES)
            found = _json(text)
            if 200 <= answer.status < 300 and (found or not text):
                return found
            raise (OutOfReach if answer.status == 503 else ApiRefused)(_words(answer.status, found))


def client_of(settings_file: Path, url: str | None) -> AdminClient:
    """The client for these settings; ``url`` stands in the place of their admin.address. Raises click's errors."""
    try:
        settings = read_settings(settings_file)
    except SettingsRefused as error:
        raise click.ClickException(str(error)) from error
    if settings.admin_credential is None:
        raise click.ClickException(f"{settings_file}: admin.credential is not set; without it the API answers nobody")
    return client_at(url or f"http://{settings.admin}", settings.admin_credential)


def client_at(url: str, credential: bytes) -> AdminClient:
    """The client for this address. Raises click.UsageError."""
    base = url.rstrip("/")
    try:
        parts = urlsplit(base)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, 0
    known = host is not None and port != 0 and parts.scheme in {"http", "https"}
    if not known or parts.path or parts.query or parts.fragment or parts.username:
        raise click.UsageError("--url is scheme, host and port, such as http://127.0.0.1:8081")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise click.UsageError(
            f"the credential does not go to {host} in the clear: use https, or forward the port to this machine"
        )
    return AdminClient(base, credential)


def _json(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _words(status: int, problem: dict[str, Any]) -> str:
    if "code" not in problem:
        return f"no answer of an admin API: status {status}"
    lines = [f"{problem.get('title')} ({problem['code']})"]
    if status == 401:
        lines.append("  the credential is not the gateway's admin.credential")
    if "detail" in problem:
        lines.append(f"  {problem['detail']}")
    lines += [f"  {one.get('pointer') or 'the body'}: {one.get('detail')}" for one in problem.get("errors", ())]
    lines.append(f"  request {problem.get('request_id')}")
    return "\n".join(lines)
