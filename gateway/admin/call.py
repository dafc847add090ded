"""What a handler of the admin API is given, and what it gives back.

Law of this file: a handler knows neither HTTP's library nor the document: a call already fits its operation.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """``parameters``: path, query and header fields by name, of their types, with the document's defaults; ``body``: JSON
    that fits the operation's schema, None where it has none.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)

    def text(self, name: str) -> str:
        """A parameter that is text and has to be there."""
        value: str = self.parameters[name]
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """``content`` is JSON, None for no body. Header fields besides those that every answer has."""

    status: int
    content: Mapping[str, Any] | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Call], Awaitable[Answer]]
