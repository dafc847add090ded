"""Asks a gateway's admin API: one connection for a question, and words for the operator when there is no answer.

Law of this file: the credential and what is looked up travel in headers and bodies, never in a URL, and are in no message.
"""

import http.client
import json
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

import click

SECONDS = 30.0
MAX_ANSWER = 64 << 20
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Admin:
    """Where the admin listener is, and what lets us in."""

    url: str
    credential: str = field(repr=False)

    @property
    def exposed(self) -> bool:
        """Whether the credential would cross a network as it is."""
        place = _place(self.url)
        return place.scheme == "http" and place.hostname not in LOOPBACK

    def usage(self, identity: str | None, query: dict[str, str]) -> dict[str, Any]:
        """Usage of everything, or of an identity (hexadecimal). Raises click.ClickException."""
        path = "/v1/usage" if identity is None else f"/v1/identities/{identity}/usage"
        return self._ask("GET", f"{path}?{urlencode(query)}", None)

    def lookup(self, issuer: str, value: str) -> str:
        """The identity of a claim's value, hexadecimal. Raises click.ClickException."""
        found = self._ask("POST", "/v1/identities/lookup", {"issuer": issuer, "value": value}).get("identity")
        if not isinstance(found, str):
            raise click.ClickException(f"{self.url} did not answer as the admin API does")
        return found

    def _ask(self, method: str, target: str, body: dict[str, str] | None) -> dict[str, Any]:
        place = _place(self.url)
        headers = {"Authorization": f"Bearer {self.credential}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection = _connection(place)
        try:
            connection.request(method, place.path.rstrip("/") + target, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            data = answer.read(MAX_ANSWER + 1)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise click.ClickException(
                f"{self.url} does not answer: {reason}. Is the gateway running, and is this its admin address?"
            ) from error
        finally:
            connection.close()
        return _read(self.url, answer.status, data)


def _place(url: str) -> SplitResult:
    try:
        place = urlsplit(url)
        usable = place.scheme in {"http", "https"} and place.hostname is not None and place.port != 0
    except ValueError:
        usable = False
    if not usable or place.query or place.fragment or place.username is not None:
        raise click.UsageError("--url: write http://HOST:PORT or https://HOST:PORT, without credential and query")
    return place


def _connection(place: SplitResult) -> http.client.HTTPConnection:
    host = place.hostname or ""
    if place.scheme == "https":
        return http.client.HTTPSConnection(host, place.port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, place.port, timeout=SECONDS)


def _read(url: str, status: int, data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data) if len(data) <= MAX_ANSWER else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise click.ClickException(f"{url} answered {status}, and not as the admin API does: is this its address?")
    if status == 200:
        return found
    said = [str(found.get("title", f"status {status}"))]
    said += [str(found["detail"])] if "detail" in found else []
    errors = found.get("errors")
    if isinstance(errors, list):
        said += [f"{error.get('pointer')}: {error.get('detail')}" for error in errors if isinstance(error, dict)]
    if status == 401:
        said.append("the credential is not the gateway's admin.credential")
    raise click.ClickException("; ".join(said))
