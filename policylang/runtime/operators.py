"""Operators on values at run time: what generated code calls, and what the tree walk applies to each node.

Law of this file: no operator sees absence or a fault; whoever calls has dealt with both.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from policylang.plan.model import Expr

ANSWERS_KEPT = 4096
"""Answers that one list of networks remembers before it starts afresh: clients choose addresses, so they are bounded."""


class Networks(dict[str, bool]):
    """A list of networks, compiled: ``networks[item]`` tells whether an address or network lies within one of them.

    Items and networks are canonical text. IPv4 lies in IPv4 only. Costs a look-up for an item seen lately.

    >>> Networks(["10.0.0.0/8"])["10.1.2.3"]
    True
    """

    __slots__ = ("_by_length",)

    def __init__(self, networks: Iterable[str]) -> None:
        super().__init__()
        self._by_length: dict[tuple[int, int], set[int]] = {}
        for text in networks:
            network = ip_network(text)
            prefixes = self._by_length.setdefault((network.version, network.prefixlen), set())
            prefixes.add(int(network.network_address) >> (network.max_prefixlen - network.prefixlen))

    def __missing__(self, item: str) -> bool:
        if len(self) >= ANSWERS_KEPT:
            self.clear()
        answer = self[item] = self._holds(item)
        return answer

    def _holds(self, item: str) -> bool:
        if "/" in item:
            network = ip_network(item)
            version, bits, length, number = (
                network.version, network.max_prefixlen, network.prefixlen, int(network.network_address)
            )  # fmt: skip
        else:
            address = ip_address(item)
            version, bits, length, number = address.version, address.max_prefixlen, address.max_prefixlen, int(address)
        return any(
            number >> (bits - outer) in prefixes
            for (family, outer), prefixes in self._by_length.items()
            if family == version and outer <= length
        )


@lru_cache(maxsize=512)
def _compiled(networks: frozenset[str]) -> Networks:
    return Networks(networks)


def within(item: str, networks: frozenset[str]) -> bool:
    """Whether an address or network lies within one of networks that are not known before run time."""
    return _compiled(networks)[item]


class Glob:
    """A pattern where ``*`` is any run of characters, ``?`` one character, and nothing else is special.

    The pieces between stars are searched from left to right, each once: the first place where a piece fits is as good
    as any later one, so nothing is tried twice. A piece is a regular expression without repetition.

    >>> Glob("/a/*.js?").matches("/a/b.c.jsx")
    True
    """

    __slots__ = ("_first", "_last", "_least", "_middle")

    def __init__(self, pattern: str) -> None:
        pieces = [_piece(text) for text in pattern.split("*")]
        self._first = pieces[0]
        self._last = pieces[-1] if len(pieces) > 1 else None
        self._middle = tuple(piece for piece, _ in pieces[1:-1])
        self._least = sum(length for _, length in pieces)

    def matches(self, text: str) -> bool:
        """Whether all of the text fits."""
        end = len(text)
        first, first_length = self._first
        if self._last is None:
            return end == first_length and first.match(text) is not None
        if end < self._least or first.match(text) is None:
            return False
        last, last_length = self._last
        here, stop = first_length, end - last_length
        for piece in self._middle:
            found = piece.search(text, here, stop)
            if found is None:
                return False
            here = found.end()
        return last.match(text, stop) is not None


def _piece(text: str) -> tuple[re.Pattern[str], int]:
    return re.compile("".join("." if c == "?" else re.escape(c) for c in text), re.DOTALL), len(text)


@lru_cache(maxsize=512)
def _glob(pattern: str) -> Glob:
    return Glob(pattern)


def literal(node: Expr) -> Any:
    """The value of a ``lit``; sets and networks as frozensets."""
    return frozenset(node[2]) if node[1] in ("set", "nets") else node[2]


def strict(node: Expr, values: tuple[Any, ...]) -> Any:
    """Apply an operator that needs all of its operands: ``values`` are those of ``node``'s operands, in order."""
    op = node[0]
    match op:
        case "cmp":
            return _compare(node[1], *values)
        case "in":
            return values[0] in values[1]
        case "innet":
            return within(*values)
        case "meets":
            return values[0] <= values[1] if node[1] == "all" else not values[0].isdisjoint(values[1])
        case "starts":
            return values[0].startswith(node[2])
        case "ends":
            return values[0].endswith(node[2])
        case "glob":
            return _glob(node[2]).matches(values[0])
        case "add":
            return values[0] + values[1]
        case "sub":
            return values[0] - values[1]
        case _:
            raise ValueError(f"not a strict operator: {op}")


def _compare(how: str, left: Any, right: Any) -> bool:
    match how:
        case "eq":
            return bool(left == right)
        case "ne":
            return bool(left != right)
        case "lt":
            return bool(left < right)
        case "le":
            return bool(left <= right)
        case "gt":
            return bool(left > right)
        case _:
            return bool(left >= right)
