"""L016: facts that nothing reads."""

from tests.policylang.linter.linting import places

BLOCK = "metadata { fresh within 30s   roles: set of slug default []   blocked: bool default false }\n"


def test_each_unread_field_is_found() -> None:
    assert places("L016", BLOCK) == ["roles", "blocked"]


def test_a_header_and_a_condition_read() -> None:
    header = 'request headers on orders { set X-Roles metadata.roles joined by ","   omit when empty }\n'
    assert places("L016", f"{BLOCK}{header}deny blocked on orders when metadata.blocked\n") == []


def test_a_claim_of_the_same_name_is_no_use() -> None:
    block = 'metadata { plan: slug default "none" }\n'
    assert places("L016", f'{block}deny gold on orders when claims.plan == "gold"\n') == ["plan"]
