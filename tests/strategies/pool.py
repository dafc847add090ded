"""One pool of constants for the literals of rules and the values of requests, so that they meet."""

from datetime import UTC, datetime

BASE = int(datetime(2026, 2, 1, 12, 0, 0, tzinfo=UTC).timestamp())
"""The second around which everything happens."""

SECOND = 1_000_000

SLUGS = ("acme", "globex", "a", "b", "free", "gold", "0-_")
TEXTS = ("a", "b", "admin", "superadmin", "orders:read", "orders:write", "a,b", "{claims.sub}", "x y")
ODD_TEXTS = ("é", "e\u0301", "a\r\nX-Evil: 1", "tab\t", " lead", "trail ", "\x00", "\x7f", "\U0001f600", "")
"""Texts that few types and no header takes."""

EMAILS = ("a@example.com", "root@corp.test", "a@b")
NETWORKS = ("10.0.0.0/8", "10.1.0.0/16", "192.0.2.7/32", "fd00::/8", "2001:db8::/32", "0.0.0.0/0")
ADDRESSES = ("10.1.2.3", "192.0.2.7", "127.0.0.1", "fd00::1", "2001:db8::1", "::1")
POLICIES = ("base", "free", "gold")
GRANTS = ("bulk", "export")
ACRS = ("mfa", "pwd")
PATTERNS = ("a*", "*a", "?", "*:read", "orders:?rite", "*{*", "**min", "a?min")
EVENTS = ("a", "b", "admin", "go")
INTEGERS = (0, 1, -1, 2, 3, 7, 50, 99, 100, 101)
EXTREMES = (2**63 - 1, -(2**63), 2**31, 2**53 + 1)
DURATIONS = {"1ms": 1_000, "1s": SECOND, "5s": 5 * SECOND, "15min": 900 * SECOND, "1d": 86_400 * SECOND}
AGES = (0, 1, 4, 5, 6, 899, 900, 901, 86_400, 86_401)
"""Seconds before the base: at, and one beside, the durations that rules name."""

HEADERS = ("X-Event", "X-Kind")
METHODS = ("GET", "POST", "PUT")
SECRETS = {"hush": "s3cret value", "other": "0therwise"}


def quoted(text: str) -> str:
    """A string literal of the rules language."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "{": "\\{", "}": "\\}"}
    return '"' + "".join(escapes.get(c) or (c if c.isprintable() else f"\\u{{{ord(c):x}}}") for c in text) + '"'


def instant(seconds: int) -> str:
    """A timestamp literal."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
