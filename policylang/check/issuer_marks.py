"""Whether a token can belong to one of two issuers only."""

from policylang.check.model import Issuer


def disjoint_tokens(one: Issuer, other: Issuer) -> bool:
    """True when no token fits both: another ``iss``, or marks on one member that exclude each other.

    Where the tokens travel does not count: whoever holds a token chooses where to put it.
    """
    if one.iss != other.iss:
        return True
    if one.marked is None or other.marked is None:
        return False
    (path, value), (other_path, other_value) = one.marked, other.marked
    return path == other_path and value != other_value
