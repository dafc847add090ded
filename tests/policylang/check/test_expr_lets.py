"""Lets: unknown ones, circles, and how much they may amount to."""

import pytest

from policylang.check.environment import Sink
from policylang.check.expr_cases import Mentions
from policylang.check.expr_lets import MAX_DEPTH, MAX_NODES, survey
from policylang.diagnostics.model import Diagnostic
from policylang.syntax import nodes
from tests.policylang.check.expr_world import World, world


def surveyed(text: str) -> tuple[list[Mentions | None], list[Diagnostic], World]:
    here, sink = world(text), Sink()
    rules = [item for item in here.items if isinstance(item, nodes.Rule) and item.when is not None]
    found = [survey(rule.when, here.names, sink) for rule in rules if rule.when is not None]
    return found, sink.found, here


def test_what_lets_mention_counts() -> None:
    found, complaints, _ = surveyed("""
        let own = claims.tenant == path.tenant
        let both = own and "x" in policy.grants
        deny a on all when both or path.id == 3
        deny b on all when not own
        deny c on all when claims.sub == "x"
    """)
    assert not complaints
    assert found == [
        Mentions(frozenset({"tenant", "id"}), grants=True),
        Mentions(frozenset({"tenant"})),
        Mentions(),
    ]


def test_an_unknown_let_inside_a_let_is_said_once() -> None:
    found, complaints, here = surveyed("""
        let outer = claims.admin and inner
        deny a on all when outer
        deny b on all when not outer and outer
    """)
    assert found == [None, None]
    assert [one.code for one in complaints] == ["R200"]
    assert [here.source(label.span) for label in complaints[0].labels] == ["inner", "outer"]


def test_every_unknown_let_is_said() -> None:
    _, complaints, here = surveyed("deny a on all when alpha and beta and not alpha")
    assert sorted(here.source(one.span) for one in complaints) == ["alpha", "alpha", "beta"]
    assert {one.code for one in complaints} == {"R200"}


@pytest.mark.parametrize(
    "lets",
    [
        "let alpha = alpha",
        "let alpha = beta\nlet beta = alpha",
        "let alpha = not (beta and gamma)\nlet beta = gamma\nlet gamma = claims.admin or alpha",
    ],
)
def test_circles_are_found_from_wherever_they_are_entered(lets: str) -> None:
    names = [line.split()[1] for line in lets.splitlines()]
    rules = "\n".join(f"deny rule_{name} on all when {name}" for name in names)
    found, complaints, _ = surveyed(f"{lets}\n{rules}")
    assert found == [None] * len(names)
    assert [one.code for one in complaints] == ["R216"]
    assert complaints[0].title == "the let `alpha` is defined by itself"


def test_doubling_lets_end_at_the_cap() -> None:
    lets = "let a0 = claims.admin\n" + "\n".join(f"let a{n} = a{n - 1} or not a{n - 1}" for n in range(1, 60))
    found, complaints, here = surveyed(f"{lets}\ndeny big on all when a59")
    assert found == [None]
    assert [one.code for one in complaints] == ["R217"]
    assert f"{MAX_NODES:,}" in complaints[0].title
    assert here.source(complaints[0].span) == "a59"


def test_the_cap_counts_nodes() -> None:
    def listed(count: int) -> str:
        return "deny it on all when claims.sub in [" + ", ".join(f'"{number}"' for number in range(count)) + "]"

    fits, none, _ = surveyed(listed(MAX_NODES - 3))
    assert fits == [Mentions()]
    assert not none
    _, complaints, _ = surveyed(listed(MAX_NODES - 2))
    assert [one.code for one in complaints] == ["R217"]


def test_long_chains_are_too_deep() -> None:
    def chain(length: int) -> str:
        lets = "\n".join(f"let a{n} = not a{n - 1}" for n in range(1, length))
        return f"let a0 = claims.admin\n{lets}\ndeny deep on all when a{length - 1}"

    assert surveyed(chain(MAX_DEPTH // 2))[0] == [Mentions()]
    for length in (MAX_DEPTH // 2 + 1, 2000):
        found, complaints, _ = surveyed(chain(length))
        assert found == [None]
        assert [one.code for one in complaints] == ["R217"]
        assert f"{MAX_DEPTH} levels" in complaints[0].title


def test_a_let_used_twice_counts_twice() -> None:
    listed = ", ".join(f'"{number}"' for number in range(MAX_NODES // 2))
    found, complaints, _ = surveyed(
        f"let many = claims.sub in [{listed}]\ndeny once on all when many\ndeny twice on all when many or not many"
    )
    assert found == [Mentions(), None]
    assert [one.code for one in complaints] == ["R217"]


def test_a_bare_claim_name_is_recognised() -> None:
    _, complaints, _ = surveyed("""
        issuer corp { claims { tenant: slug } }
        metadata { fresh within 30s  roles: set of slug default [] }
        route r { match GET on "/{shard: slug}" trust corp }
        deny a on r when tenant == "x" or shard == "x" or "x" in roles or nothing_like_it
    """)
    assert sorted(one.help[0] for one in complaints) == [
        "declare it: `let nothing_like_it = …`, or name a claim with its root: `claims.nothing_like_it`",
        "did you mean `claims.tenant`?",
        "did you mean `metadata.roles`?",
        "did you mean `path.shard`?",
    ]
