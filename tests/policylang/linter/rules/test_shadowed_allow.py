"""L002: implied allows, with methods, routes, ends and faults in the balance."""

import pytest

from tests.policylang.linter.linting import findings, places

WIDE = 'allow read on orders for GET when "orders:read" in claims.scope\n'
TWO = """route orders { match GET, POST on "/orders"   trust corp   upstream "http://127.0.0.1:9000" }
route other { match GET on "/other"   trust corp   upstream "http://127.0.0.1:9000" }
"""
NARROW = '"orders:read" in claims.scope and claims.plan == "gold"'


def test_the_narrower_one_is_found_and_the_wider_one_shown() -> None:
    (found,) = findings("L002", f"{WIDE}allow gold on orders for GET when {NARROW}\n")
    assert found.title == "`gold` allows nothing that `read` does not allow"
    assert len(found.labels) == 2


@pytest.mark.parametrize(
    "rules",
    [
        f'{TWO}{WIDE}allow gold on orders for GET, POST when {NARROW}\nallow x on other when claims.plan == "free"\n',
        f"{TWO}{WIDE}allow gold on orders, other for GET when {NARROW}\n",
        f'{WIDE}allow gold on orders for GET when claims.plan == "gold"\n',
        (
            f'allow read on orders for GET when "orders:read" in claims.scope until 2030-01-01T00:00:00Z\n'
            f"allow gold on orders for GET when {NARROW}\n"
        ),
    ],
    ids=["another-method", "another-route", "another-condition", "ends-earlier"],
)
def test_what_allows_something_of_its_own_is_left_alone(rules: str) -> None:
    assert places("L002", rules) == []


def test_a_wider_one_that_ends_later_shadows_one_that_ends() -> None:
    ends = "until 2030-01-01T00:00:00Z\n"
    later = WIDE.replace("\n", " until 2031-01-01T00:00:00Z\n")
    assert places("L002", f"{later}allow gold on orders for GET when {NARROW} {ends}") == ["gold"]


def test_an_allow_that_needs_metadata_shadows_nothing_else() -> None:
    metadata = "metadata { blocked: bool default false }\n"
    wide = 'allow read on orders for GET when not metadata.blocked or claims.plan == "gold"\n'
    assert places("L002", f'{metadata}{wide}allow gold on orders for GET when claims.plan == "gold"\n') == []


def test_always_shadows_everything_on_its_routes() -> None:
    assert places("L002", f"{WIDE}allow all_of_it on orders for GET always\n") == ["read"]
