"""The credential of a request: found in the places that a route's issuers name, one or none.

Law of this file: present but bad is never taken for absent, and of two credentials none is chosen.
"""

from collections.abc import Sequence

from gateway.message.refusal import Refusal
from policylang.embed import plan_model

Headers = Sequence[tuple[bytes, bytes]]

Found = tuple[bytes, int]
"""The token, unverified, and the index, among the sources asked for, of the place where it was."""


def find_credential(headers: Headers, sources: Sequence[plan_model.Credential]) -> Found | Refusal | None:
    """The one credential of a request; None where no source has any.

    Refuses as ``malformed`` what comes twice, and as ``credential_refused`` an Authorization that is no bearer token
    (RFC 6750 section 2.1) and an empty value.
    """
    token: bytes | None = None
    index = -1
    for place, source in enumerate(sources):
        if source.kind == "authorization":
            # The length first: it spares a lower-case copy of nearly every name
            values = [value for name, value in headers if len(name) == 13 and name.lower() == b"authorization"]
        elif source.kind == "header":
            values = _header(headers, source.name)
        else:
            values = _cookie(headers, source.name)
        for value in values:
            if token is not None:
                return Refusal("malformed", "credential_repeated")
            token, index = value, place
    if token is None:
        return None
    if sources[index].kind == "authorization":
        if token[:7].lower() != b"bearer ":
            return Refusal("credential_refused", "credential_scheme")
        token = token[7:].lstrip(b" ")
    return (token, index) if token else Refusal("credential_refused", "credential_empty")


def _header(headers: Headers, name: str) -> list[bytes]:
    wanted = name.encode("ascii")
    return [value for line, value in headers if len(line) == len(wanted) and line.lower() == wanted]


def _cookie(headers: Headers, name: str) -> list[bytes]:
    """Values of the cookies of this name, in every Cookie line (RFC 6265 section 5.4): names compare exactly."""
    wanted = name.encode("ascii")
    lines = [value for line, value in headers if len(line) == 6 and line.lower() == b"cookie"]
    pairs = [pair.strip(b" \t").partition(b"=") for line in lines for pair in line.split(b";")]
    return [value for key, mark, value in pairs if mark and key == wanted]
