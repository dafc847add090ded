from policylang.mutation.places import conditions, places
from tests.policylang.mutation.mutated import BASE, rule_set

RULES = f"""{BASE}
policy gold {{ rate 5 per 1s burst 5 }}
select policies on solo {{ add gold when claims.plan == "gold"   add gold otherwise }}
let own = claims.tenant == path.tenant
deny d on both when not own unless claims.staff and (claims.plan == "gold" or "a" in claims.scope)
"""


def test_every_condition_with_whose_it_is() -> None:
    found = rule_set(RULES)
    assert [(place.owner, found.tree.text_of(place.root.span)) for place in places(found.written)] == [
        ("an arm of select policies", 'claims.plan == "gold"'),
        ("let own", "claims.tenant == path.tenant"),
        ("deny d", "not own"),
        ("deny d", 'claims.staff and (claims.plan == "gold" or "a" in claims.scope)'),
    ]


def test_the_nodes_that_are_conditions_themselves() -> None:
    found = rule_set(RULES)
    _, _, when, unless = places(found.written)
    assert [found.tree.text_of(node.span) for node in conditions(when.root)] == ["not own", "own"]
    assert [found.tree.text_of(node.span) for node in conditions(unless.root)] == [
        'claims.staff and (claims.plan == "gold" or "a" in claims.scope)',
        "claims.staff",
        'claims.plan == "gold" or "a" in claims.scope',
        'claims.plan == "gold"',
        '"a" in claims.scope',
    ]
