"""Where an issuer's metadata stands (RFC 8414, OpenID Connect Discovery 1.0), and what of it is believed.

Law of this file: a document speaks for an issuer only where its ``issuer`` is that issuer, character for character
(RFC 8414 section 3.3). Of the rest only ``jwks_uri`` is read.
"""

import ipaddress
import re
from collections.abc import Mapping

from yarl import URL

_NUMERIC_HOST = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?$")
"""What an old resolver takes for an IPv4 address: 2130706433, 0x7f.1, 127.1 (WHATWG URL, "ends in a number")."""


class PlaceRefused(Exception):
    """A URL that is not fetched, or a document that is not believed. ``reason`` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def metadata_urls(issuer: str) -> tuple[str, str]:
    """The two addresses of the metadata document, the more widely served first; PlaceRefused ``url_refused``.

    >>> metadata_urls("https://id.example/t1")[1]
    'https://id.example/.well-known/oauth-authorization-server/t1'
    """
    url = parse_url(issuer)
    if url.query_string or "?" in issuer:
        raise PlaceRefused("url_refused")  # RFC 8414 section 2: no query, no fragment
    path = url.raw_path.rstrip("/")
    origin = str(url.origin())
    return (
        f"{origin}{path}/.well-known/openid-configuration",
        f"{origin}/.well-known/oauth-authorization-server{path}",
    )


def key_set_url(document: Mapping[str, object], issuer: str) -> str:
    """The address of the key set that an issuer's document names, or PlaceRefused.

    A document may send us to another host of the Internet, but to our own machine only if the issuer is there itself.
    """
    if document.get("issuer") != issuer:
        raise PlaceRefused("issuer_mismatch")
    address = document.get("jwks_uri")
    if not isinstance(address, str):
        raise PlaceRefused("jwks_uri_missing")
    url = parse_url(address)
    if is_loopback(url.host or "") and not is_loopback(parse_url(issuer).host or ""):
        raise PlaceRefused("address_refused")
    return address


def parse_url(text: str) -> URL:
    """An https URL, or http of this machine, with a host and without user and fragment; PlaceRefused ``url_refused``."""
    try:
        url = URL(text, encoded=True)
        host, port = url.host, url.port
    except ValueError:
        raise PlaceRefused("url_refused") from None
    if not host or not port or url.raw_user is not None or url.raw_password is not None or "#" in text:
        raise PlaceRefused("url_refused")
    if _NUMERIC_HOST.search(host) and not _is_address(host):
        raise PlaceRefused("url_refused")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise PlaceRefused("url_refused")
    if url.scheme == "https" or (url.scheme == "http" and is_loopback(host)):
        return url
    raise PlaceRefused("url_refused")


def is_loopback(host: str) -> bool:
    """Is this host, as a rule or a document spells it, this machine (RFC 6761 section 6.3)?"""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
