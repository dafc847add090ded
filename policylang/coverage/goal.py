"""Goals, as data: what is to be seen, where it stands, and how it is told that it never was.

Law of this file: a goal is its own key: what was seen is a set of goals, and the same condition in two uses is one goal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from policylang.source.spans import Span

Kind = Literal["condition", "arm", "rule", "route", "header", "token", "limit"]
Wanted = Literal[
    "true",  # a condition holds
    "false",  # it does not
    "given",  # the left side of ?? has a value
    "absent",  # it has none, and the default stands in
    "before",  # a request before an ``until``
    "past",  # a request at or after it
    "taken",  # an arm names its policy
    "decides",  # an answer is by this rule
    "holds",  # a shadow rule is true
    "reached",  # the rules of a route are asked
    "shown",  # a header is set
    "omitted",  # it is left out
    "minted",  # an identity token is sent
    "refuses",  # a limit refuses a request
]

KINDS: Mapping[Kind, str] = {
    "condition": "conditions",
    "arm": "arms",
    "rule": "rules",
    "route": "routes",
    "header": "headers",
    "token": "identity tokens",
    "limit": "limits",
}
"""The kinds in the order of a report, in the plural."""

MISSED: Mapping[Wanted, str] = {
    "true": "never true",
    "false": "never false",
    "given": "never given",
    "absent": "never absent",
    "before": "never asked before it",
    "past": "never asked after it",
    "taken": "arm never taken",
    "decides": "never decides",
    "holds": "never holds",
    "reached": "never reached",
    "shown": "never shown",
    "omitted": "never omitted",
    "minted": "never minted",
    "refuses": "never refuses",
}


@dataclass(frozen=True, slots=True, order=True)
class Goal:
    """One thing to be seen once. ``subject`` names what stands at ``span`` where its text does not: "rate of policy free"."""

    span: Span
    kind: Kind
    subject: str
    wanted: Wanted
