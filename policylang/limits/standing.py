"""How one limit stands after it was asked: what the answer's ``RateLimit`` and ``Retry-After`` fields are made of."""

from typing import NamedTuple


class Standing(NamedTuple):
    """``admitted``: this limit would let the request through.

    ``remaining``: further requests that would pass at once. ``reset_micros``: until the limit is whole again (rate) or
    its window ends (quota); 0 for a concurrency. ``wait_micros``: until the refused request would pass, or, for a
    concurrency, may be tried again; 0 when admitted.
    """

    admitted: bool
    remaining: int
    reset_micros: int
    wait_micros: int
