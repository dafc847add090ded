"""The operator's settings: a TOML file, validated against ``schemas/settings.v1.json``, completed by its defaults.

Paths are relative to the file they stand in. Secrets are read here and nowhere else; no message ever shows one.
"""

import ipaddress
import json
import os
import tomllib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from policylang.embed import load_schema

MIN_IDENTITY_KEY = 32
MIN_CREDENTIAL = 32
MAX_FILE = 1 << 20


class SettingsRefused(ValueError):
    """Settings that cannot be used: one line for each complaint, saying where and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 picks a free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where state lives and how it is reached. A file's path in ``url`` is already resolved."""

    url: str = "memory:"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sentinel_password: str | None = field(default=None, repr=False)
    tls_ca: Path | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    namespace: str = "policylang"
    timeout_seconds: float = 0.25
    cached_records: int = 100_000


@dataclass(frozen=True, slots=True)
class UsageSettings:
    """How long usage is kept, and how many sums are held in memory."""

    keep_hours: int = 168
    keep_days: int = 400
    cells: int = 50_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the gateway is told besides its plan. Absent files are None; times in seconds as the file has them."""

    listen: Address = Address("127.0.0.1", 8080)
    admin: Address = Address("127.0.0.1", 8081)
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    drain_seconds: float = 20.0
    admin_credential: bytes | None = field(default=None, repr=False)
    store: StoreSettings = field(default_factory=StoreSettings)
    usage: UsageSettings = field(default_factory=UsageSettings)
    revocations_at_most: int = 200_000
    revocations_stale_seconds: int = 3600
    metadata_file: Path | None = None
    identity_key: bytes | None = field(default=None, repr=False)
    token_issuer: str | None = None
    signing_keys: tuple[Path, ...] = ()
    active_key: str | None = None
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    private_hosts: frozenset[str] = frozenset()
    keys_stale_seconds: int = 3600
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: int = 104_857_600
    keepalive_seconds: float = 75.0
    connections: int = 8192
    min_body_rate: int = 500
    upstream_connections: int = 512
    cache_entries: int = 200_000
    ready_callers: int = 20_000
    max_token_bytes: int = 16_384
    decision_log: str = "-"
    explain_refusals: bool = False


def read_settings(path: Path | None) -> Settings:
    """Settings from a file; the defaults without one. Raises SettingsRefused."""
    if path is None:
        return Settings()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsRefused(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsRefused(f"{path}: not TOML: {error}") from error
    complaints = [
        f"{path}: {'.'.join(map(str, e.absolute_path)) or 'top level'}: {_words(e)}"
        for e in sorted(_validator().iter_errors(document), key=lambda e: list(map(str, e.absolute_path)))
    ]
    if complaints:
        raise SettingsRefused("\n".join(complaints))
    return _settings(document, path.parent)


def parse_address(text: str) -> Address:
    """``host:port`` or ``[ipv6]:port``. Raises SettingsRefused."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise SettingsRefused(f"{text!r} is no address: write host:port, such as 127.0.0.1:8080")
    return Address(host, int(port))


def with_overrides(settings: Settings, **given: Any) -> Settings:
    """The settings with the command line's options laid over them; None means not given."""
    return replace(settings, **{name: value for name, value in given.items() if value is not None})


def _settings(document: dict[str, Any], base: Path) -> Settings:
    listen, tokens = document.get("listen", {}), document.get("identity_tokens", {})
    egress, wire, cache = document.get("egress", {}), document.get("wire", {}), document.get("tokens", {})
    given: dict[str, Any] = {
        "listen": _address(listen),
        "admin": _address(document.get("admin", {})),
        "tls_certificate": _path(base, listen.get("tls_certificate")),
        "tls_key": _path(base, listen.get("tls_key")),
        "drain_seconds": listen.get("drain_seconds"),
        "admin_credential": _credential(base, document.get("admin", {})),
        "store": _store(base, document.get("store", {})),
        "usage": UsageSettings(**document.get("usage", {})),
        "revocations_at_most": document.get("revocations", {}).get("at_most"),
        "revocations_stale_seconds": document.get("revocations", {}).get("stale_seconds"),
        "metadata_file": _path(base, document.get("metadata", {}).get("file")),
        "identity_key": _identity_key(_path(base, document.get("identity", {}).get("key_file"))),
        "token_issuer": tokens.get("issuer"),
        "signing_keys": tuple(base / key for key in tokens.get("keys", ())),
        "active_key": tokens.get("active"),
        "secrets": {name: _secret(f"secrets.{name}", spec, base) for name, spec in document.get("secrets", {}).items()},
        "private_hosts": frozenset(host.lower() for host in egress.get("private_hosts", ())),
        "keys_stale_seconds": egress.get("keys_stale_seconds"),
        "trusted_proxies": _networks(document.get("proxies", {}).get("trusted", ())),
        "max_body_bytes": wire.get("max_body_bytes"),
        "keepalive_seconds": wire.get("keepalive_seconds"),
        "connections": wire.get("connections"),
        "min_body_rate": wire.get("min_body_rate"),
        "upstream_connections": wire.get("upstream_connections"),
        "cache_entries": cache.get("cache_entries"),
        "ready_callers": document.get("memory", {}).get("ready_callers"),
        "max_token_bytes": cache.get("max_bytes"),
        "decision_log": _log(base, document.get("log", {}).get("decisions")),
        "explain_refusals": document.get("log", {}).get("explain"),
    }
    return with_overrides(Settings(), **given)


def _store(base: Path, section: dict[str, Any]) -> StoreSettings:
    """The store. A relative path of SQLite is relative to the settings, as every path: ``sqlite:///state.db`` is beside them."""
    given: dict[str, Any] = {
        name: section[name] for name in ("url", "username", "namespace", "cached_records") if name in section
    }
    url = given.get("url", "")
    if url.startswith("sqlite:///"):
        given["url"] = f"sqlite:///{base / url.removeprefix('sqlite:///')}"
    if "timeout_ms" in section:
        given["timeout_seconds"] = section["timeout_ms"] / 1000
    for name in ("password", "sentinel_password"):
        if name in section:
            given[name] = _secret(f"store.{name}", section[name], base)
    for name in ("tls_ca", "tls_certificate", "tls_key"):
        given[name] = _path(base, section.get(name))
    return StoreSettings(**given)


def _credential(base: Path, section: dict[str, Any]) -> bytes | None:
    """The admin API's credential (RFC 6750 section 2.1: visible ASCII)."""
    if "credential" not in section:
        return None
    text = _secret("admin.credential", section["credential"], base)
    if len(text) < MIN_CREDENTIAL or not all("!" <= character <= "~" for character in text):
        raise SettingsRefused(
            f"admin.credential: at least {MIN_CREDENTIAL} visible ASCII characters without spaces are needed, "
            "such as `openssl rand -hex 32` makes"
        )
    return text.encode("ascii")


def _address(section: dict[str, Any]) -> Address | None:
    return parse_address(section["address"]) if "address" in section else None


def _path(base: Path, given: str | None) -> Path | None:
    return None if given is None else base / given


def _log(base: Path, given: str | None) -> str | None:
    return given if given in {None, "-", "none"} else str(base / str(given))


def _networks(given: list[str]) -> tuple[str, ...]:
    """Trusted proxies. A network that holds every address would believe every client (R11)."""
    for text in given:
        try:
            network = ipaddress.ip_network(text)
        except ValueError as error:
            raise SettingsRefused(f"proxies.trusted: {text!r} is no network: {error}") from error
        if network.prefixlen == 0:
            raise SettingsRefused(f"proxies.trusted: {text} trusts everyone; list the proxies' own networks")
    return tuple(given)


def _identity_key(path: Path | None) -> bytes | None:
    if path is None:
        return None
    data = _bytes("identity.key_file", path)
    if len(data) < MIN_IDENTITY_KEY:
        raise SettingsRefused(f"identity.key_file: {path} has {len(data)} bytes; {MIN_IDENTITY_KEY} are needed")
    return data


def _secret(where: str, spec: dict[str, str], base: Path) -> str:
    if "env" in spec:
        value = os.environ.get(spec["env"])
        if value is None:
            raise SettingsRefused(f"{where}: the environment has no {spec['env']}")
    else:
        try:
            value = _bytes(where, base / spec["file"]).decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise SettingsRefused(f"{where}: {spec['file']} is not UTF-8") from error
    if not value:
        raise SettingsRefused(f"{where}: the value is empty")
    return value


def _bytes(where: str, path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise SettingsRefused(f"{where}: {path} cannot be read: {error.strerror}") from error
    if len(data) > MAX_FILE:
        raise SettingsRefused(f"{where}: {path} is larger than {MAX_FILE} bytes")
    return data


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(load_schema("settings.v1"))


def _words(error: Any) -> str:
    """jsonschema's message, cut: a value in the wrong place may be a secret, so values are never repeated."""
    if error.validator == "additionalProperties":
        known = ", ".join(sorted(error.schema.get("properties", {})))
        extra = ", ".join(sorted(set(error.instance) - set(error.schema.get("properties", {}))))
        return f"unknown {extra}; known are {known}"
    if error.validator == "type":
        return f"must be of type {error.validator_value}"
    if error.validator == "dependentRequired":
        return "tls_certificate and tls_key go together"
    if error.validator == "pattern" and "description" in error.schema:
        return f"cannot be read. {error.schema['description']}"
    return f"does not satisfy {error.validator} {json.dumps(error.validator_value)[:120]}"
