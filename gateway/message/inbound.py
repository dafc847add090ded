"""A request as the listener hands it to the spine: bytes as they came, nothing decoded, nothing trusted."""

from dataclasses import dataclass


@dataclass(slots=True)
class Inbound:
    """``target`` is the request target and ``headers`` the field lines in order, exactly as received.

    ``peer_ip`` is the socket's peer, canonical text (IPv4-mapped IPv6 as IPv4). ``has_body``: framed with a body.
    """

    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    peer_ip: str
    http10: bool
    has_body: bool
    chunked: bool
    request_id: str
