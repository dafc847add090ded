"""The Host field (RFC 9110 section 7.2): labels in lower case, or a refusal."""

import re
from ipaddress import AddressValueError, IPv6Address

PORT = re.compile(r"[0-9]{0,5}")
LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def labels(host: str) -> tuple[str, ...] | None:
    """The labels, lower-case, without port and final dot; an IPv6 literal is one canonical label. None: no host."""
    if host.startswith("["):
        text, bracket, rest = host[1:].partition("]")
        address = ipv6(text)
        return None if address is None or not bracket or not is_port(rest) else (f"[{address}]",)
    name, colon, port = host.partition(":")
    if not is_port(colon + port):
        return None
    found = name.removesuffix(".").split(".")
    if len(name) > 254 or not all(LABEL.fullmatch(label) for label in found):
        return None
    return tuple(label.lower() for label in found)


def is_port(text: str) -> bool:
    """Nothing, or a colon and a port number, which may be empty."""
    return text == "" or (text[0] == ":" and bool(PORT.fullmatch(text[1:])) and int(text[1:] or "0") <= 65535)


def ipv6(text: str) -> IPv6Address | None:
    """An IPv6 address without a zone."""
    try:
        return None if "%" in text else IPv6Address(text)
    except AddressValueError:
        return None
