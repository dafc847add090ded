"""What is wrong with metadata: exactly when it does not decode, or has what nobody declared; and no word of what is in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.token.claims import decode_fields
from policylang.token.errors import MetadataRefused
from policylang.token.fields import field_problems
from tests.strategies.tokens import claim

ROLES = claim("roles", ("set", ("slug",)), default=((),))
RANK = claim("rank", ("int", 0, 9))
TEAM = claim("team", ("enum", "blue", "red"), optional=True, null_as_absent=True)
BLOCKED = claim("blocked", ("bool",), default=(False,))
SPECS = (BLOCKED, RANK, ROLES, TEAM)


def found(stored: dict[str, Any]) -> list[tuple[str, str | None, int, str]]:
    return [(p.kind, p.spec.name if p.spec else None, p.member, p.found) for p in field_problems(SPECS, stored)]


@pytest.mark.parametrize(
    ("stored", "problems"),
    [
        ({"rank": 3}, []),
        ({"rank": 3, "team": None, "roles": []}, []),
        ({}, [("missing", "rank", 0, "")]),
        ({"rank": "3"}, [("invalid", "rank", 1, "a text")]),
        ({"rank": 10}, [("invalid", "rank", 1, "an integer that is none")]),
        ({"rank": True}, [("invalid", "rank", 1, "a boolean")]),
        ({"rank": 3.0}, [("invalid", "rank", 1, "a number with a fraction")]),
        ({"rank": None}, [("invalid", "rank", 1, "null")]),
        ({"rank": 1, "roles": "a"}, [("invalid", "roles", 2, "a text")]),
        ({"rank": 1, "roles": ["A"]}, [("invalid", "roles", 2, "an array that is none")]),
        ({"rank": 1, "team": "green"}, [("invalid", "team", 2, "a text that is none")]),
        ({"rank": 1, "blocked": {}}, [("invalid", "blocked", 2, "an object")]),
        ({"rnak": 1, "rank": 1}, [("unknown", "rank", 1, "")]),
        ({"rank": 1, "ana@example.com": {}}, [("unknown", None, 2, "")]),
        (
            {"bloked": True, "team": 1},
            [("unknown", "blocked", 1, ""), ("invalid", "team", 2, "an integer"), ("missing", "rank", 0, "")],
        ),
    ],
)
def test_problems(stored: dict[str, Any], problems: list[tuple[str, str | None, int, str]]) -> None:
    assert found(stored) == problems


names = st.sampled_from(["rank", "roles", "team", "blocked", "other"])
values = (
    st.none()
    | st.booleans()
    | st.integers(-1, 11)
    | st.sampled_from(["red", "x", ""])
    | st.lists(st.sampled_from("aB"))
)


@given(st.dictionaries(names, values))
def test_there_is_a_problem_where_decoding_refuses_or_a_member_is_unknown(stored: dict[str, Any]) -> None:
    try:
        decode_fields(SPECS, stored)
        decodes = True
    except MetadataRefused:
        decodes = False
    problems = field_problems(SPECS, stored)
    assert (not [p for p in problems if p.kind != "unknown"]) is decodes
    assert len([p for p in problems if p.kind == "unknown"]) == ("other" in stored)
