"""What is wrong with a URL, in words; None when nothing is. No name is looked up."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)  # RFC 3986 section 2
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)


def url_problem(text: str) -> str | None:
    """Any http or https URL with a host and without a user name in it.

    >>> url_problem("ftp://example.com")
    'its scheme is `ftp`, not http or https'
    >>> url_problem("https://example.com/keys") is None
    True
    """
    parts = _split(text)
    return parts if isinstance(parts, str) else None


def secure_url_problem(text: str) -> str | None:
    """A URL that tokens or keys depend on: https, or http on a loopback host; no fragment.

    >>> secure_url_problem("http://example.com/jwks")
    'it is not https, and `example.com` is not a loopback host'
    """
    parts = _split(text)
    if isinstance(parts, str):
        return parts
    if parts.fragment or text.endswith("#"):
        return "it has a fragment"
    host = parts.hostname or ""
    if parts.scheme == "http" and not is_loopback(host):
        return f"it is not https, and `{host}` is not a loopback host"
    return None


def issuer_problem(text: str) -> str | None:
    """An issuer identifier: a secure URL without query or fragment (RFC 8414 section 2)."""
    problem = secure_url_problem(text)
    return problem or ("it has a query" if "?" in text else None)


def upstream_problem(text: str) -> str | None:
    """Scheme, host and port of an upstream server, and nothing else.

    >>> upstream_problem("http://orders:9000/v1")
    'it has a path: `/v1`'
    """
    parts = _split(text)
    if isinstance(parts, str):
        return parts
    if parts.path:
        return f"it has a path: `{parts.path}`"
    if "?" in text or "#" in text:
        return "it has a query or a fragment"
    return None


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine by definition (RFC 6761 section 6.3, RFC 1122, RFC 4291)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def _split(text: str) -> SplitResult | str:
    if not _CHARACTERS.fullmatch(text):
        return "it is empty" if not text else "it has a character that no URL has"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return "its host or port is malformed"
    if "://" not in text:
        return "it has no scheme"
    if parts.scheme not in ("http", "https"):
        return f"its scheme is `{parts.scheme}`, not http or https"
    if "@" in parts.netloc:
        return "it has a user name or password in it"
    host = parts.hostname
    if not host:
        return "it has no host"
    if port == 0 or parts.netloc.endswith(":"):
        return "its port is malformed"
    if _address(host) is None and not all(_LABEL.fullmatch(label) for label in host.split(".")):
        return f"its host `{host}` is malformed"
    return parts


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
