"""Counter keys: injective encodings of (limit, what is counted), so that two keys never share a counter.

A key is two parts, each after its length in four bytes, big end first: the limit's name, and a kind letter with what is
counted.
"""


def part(content: bytes) -> bytes:
    """One part of a key."""
    return len(content).to_bytes(4, "big") + content


def limit_part(name: str) -> bytes:
    """The part that names a limit."""
    return part(name.encode())


def identity_part(identity: bytes) -> bytes:
    """The part of a limit by identity; anonymous callers are one identity, the empty one."""
    return part(b"i" + identity)


def route_part(route: str) -> bytes:
    """The part of a limit by route."""
    return part(b"r" + route.encode())


def value_part(value: str | int | bool | None) -> bytes:
    """The part of a limit by a value: the text "1", the integer 1 and true are three counters."""
    if isinstance(value, bool):
        return part(b"b1" if value else b"b0")
    if isinstance(value, int):
        return part(b"n%d" % value)
    if value is None:
        return part(b"-")
    return part(b"t" + value.encode())
