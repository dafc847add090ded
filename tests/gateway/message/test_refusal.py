"""The table of refusals: the language's kinds have the language's statuses."""

from gateway.message.refusal import KINDS, Refusal
from policylang.embed import STATUS


def test_every_kind_of_the_language_is_in_the_table_with_its_status() -> None:
    assert {kind: KINDS[kind][0] for kind in STATUS if kind != "allow"} == {
        kind: status for kind, status in STATUS.items() if kind != "allow"
    }


def test_titles_tell_nothing_that_statuses_hide() -> None:
    """Who is denied learns neither by which kind of rule nor that a fact behind the gateway was amiss."""
    assert {title for status, title in KINDS.values() if status == 403} == {"The request is denied"}
    assert all(Refusal(kind).status == status for kind, (status, _) in KINDS.items())
    assert all(400 <= status <= 599 and title.isascii() and '"' not in title for status, title in KINDS.values())


def test_headers_are_each_refusals_own() -> None:
    Refusal("denied").headers.append(("X", "y"))
    assert Refusal("denied").headers == []
