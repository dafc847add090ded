"""Properties 9 and 10: what the checker accepts never goes wrong, and what it refuses would have.

Two evaluators judge it: one reads the checked tree from left to right, as everything downstream may; the other reads what
the author wrote, unchecked.
"""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import combinations, permutations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from policylang.check import (
    errors_expr_absence,
    errors_expr_constant,
    errors_expr_literals,
    errors_expr_names,
    errors_expr_types,
    model,
)
from policylang.check.environment import Sink
from policylang.check.infer import check_condition
from policylang.source.spans import NOWHERE
from policylang.syntax import nodes
from tests.policylang.check.expr_world import parsed, world
from tests.strategies.evaluators import FAULT, WrongError, meaning, value_of, verdict
from tests.strategies.expressions import EVERYTHING, Given, Scenery, all_requests, pairs, requests, scenes

IDLE = {"R202", "R214", "R237", "R238", "R241", "R242", "R244", "R246", "R247", "R248"}
"""Complaints about conditions that go wrong nowhere: they only decide nothing."""


def read(text: str) -> nodes.Expr:
    rule = next(item for item in parsed(f"deny it on all when {text}")[1] if isinstance(item, nodes.Rule))
    assert rule.when is not None
    return rule.when


def checked(text: str, scenery: Scenery) -> tuple[model.TypedExpr | None, list[str]]:
    sink = Sink()
    found = check_condition(read(text), scenery.cells, scenery.names, sink)
    return found, [one.code for one in sink.found]


MANY = settings(max_examples=4 * settings().max_examples)
"""A refused condition says nothing here, and most that are drawn at random are refused."""


@MANY
@given(scenes(), st.integers(0, 2**32))
def test_what_is_accepted_never_goes_wrong_and_means_what_was_written(scene: tuple[Scenery, str], seed: int) -> None:
    scenery, text = scene
    found, codes = checked(text, scenery)
    event("accepted" if found is not None else "refused")
    assert (found is None) is bool(codes)
    if found is not None:
        expr = read(text)
        for given_ in requests(scenery, seed):
            value = value_of(found, given_)
            assert value is FAULT or isinstance(value, bool)
            assert value is meaning(expr, given_)


@MANY
@given(scenes(), st.integers(0, 2**32))
def test_what_goes_wrong_for_some_request_is_refused(scene: tuple[Scenery, str], seed: int) -> None:
    scenery, text = scene
    expr = read(text)
    for given_ in requests(scenery, seed):
        if goes_wrong(expr, given_):
            assert checked(text, scenery)[0] is None
            event("refused with a witness")
            return


SMALL = world("""
issuer corp  { claims { x: int 0..1 optional  b: bool } }
issuer guest { claims { x: int 0..1  b: bool } }
issuer other { claims { b: bool } }
route r { match GET on "/" trust corp, guest, other }
""")
SMALL_REQUESTS = [
    Given(issuer, {"b": b} | ({} if x is None else {"x": x}), None, {}, {})
    for issuer, values in (("corp", (None, 0, 1)), ("guest", (0, 1)), ("other", (None,)))
    for x in values
    for b in (True, False)
]


def small_conditions() -> Iterator[nodes.Expr]:
    """Every junction of two parts, in both orders, over a guard, its contrary, what they guard, and two that do not."""
    plain = [
        read(text) for text in ("claims.x present", "claims.x absent", "claims.x > 0", "claims.b", "issuer is corp")
    ]
    kinds = (nodes.And, nodes.Or)
    joined = [kind(NOWHERE, pair) for kind in kinds for pair in combinations(plain, 2)]
    units = [*plain, *joined]
    units += [nodes.Not(NOWHERE, unit) for unit in units]
    for pair in permutations(units, 2):
        for kind in kinds:
            yield kind(NOWHERE, pair)


def test_every_small_condition_is_judged_rightly() -> None:
    accepted, blamed, witnessed = 0, 0, 0
    for expr in small_conditions():
        sink = Sink()
        found = check_condition(expr, SMALL.cells, SMALL.names, sink)
        if found is not None:
            accepted += 1
            assert all(value_of(found, given_) is meaning(expr, given_) for given_ in SMALL_REQUESTS)
        elif {one.code for one in sink.found} == {"R204"}:
            blamed += 1
            witnessed += any(goes_wrong(expr, given_) for given_ in SMALL_REQUESTS)
        elif [one.code for one in sink.found] == ["R247"]:
            assert not any(meaning(expr, given_) for given_ in SMALL_REQUESTS)
    assert accepted > 1000
    assert witnessed > 0.9 * blamed > 1000  # the others go right by a truth that is no guard: b or (x > 0 and b)


def goes_wrong(expr: nodes.Expr, given_: Given) -> bool:
    try:
        verdict(expr, given_)
    except WrongError:
        return True
    return False


@given(pairs())
def test_what_is_called_constant_is(text: str) -> None:
    found, codes = checked(text, EVERYTHING)
    values = {
        meaning(read(text), given_) for given_ in all_requests(EVERYTHING.cells[0], (text.split("claims.")[1][:2],))
    }
    event(codes[0] if codes else "accepted")
    if codes in (["R246"], ["R247"], ["R248"]):
        assert values == {codes == ["R246"]}
    assert (found is None) is bool(codes)


@given(scenes())
def test_a_narrower_scope_makes_nothing_wrong(scene: tuple[Scenery, str]) -> None:
    scenery, text = scene
    found, _ = checked(text, scenery)
    for cell in scenery.cells:
        if found is not None and cell.issuer is not None:
            assert set(checked(text, replace(scenery, cells=(cell,)))[1]) <= IDLE


@given(scenes())
def test_cells_in_any_order_and_number_give_one_tree(scene: tuple[Scenery, str]) -> None:
    scenery, text = scene
    found, codes = checked(text, scenery)
    again, others = checked(text, replace(scenery, cells=(*scenery.cells[::-1], *scenery.cells)))
    assert sorted(others) == sorted(codes)
    assert again == found


DECLARATIONS = """
issuer corp  { claims { sub: text(1..9)  risk: int 0..9 optional  level: int 0..9  scope: set of text  nick: text optional
                        seen: time  admin: bool  plan: one of "a", "b"  wide: int 0..9223372036854775807 } }
issuer guest { claims { sub: text(1..9)  level: text  extra: slug } }
issuer other { claims { far: slug } }
metadata { fresh within 30s  b9: bool default false  t9: text optional }
route r { match GET on "/{p1: slug}" trust corp }
route both { match GET on "/both" trust corp, guest }
route open { match GET on "/open" trust corp, anonymous }
route nobody { match GET on "/nobody" trust anonymous }
route elsewhere { match GET on "/elsewhere" trust other }
"""

CORP = {"sub": "u", "level": 3, "scope": frozenset({"s"}), "seen": 0, "admin": True, "plan": "a", "wide": 2**63 - 1}
PATH = {"p1": "x"}
AT = Given("corp", CORP, {"b9": False}, {}, PATH)

WITNESSES = [
    ("R200", "r", "unknown_let", AT),
    ("R201", "r", 'claims.sbu == "x"', AT),
    ("R202", "r", 'claims.far == "x"', AT),
    (
        "R203",
        "both",
        "claims.level > 5",
        Given("guest", {"sub": "u", "level": "high", "extra": "e"}, {"b9": False}, {}, {}),
    ),
    ("R204", "r", "claims.risk > 5", AT),
    ("R204", "r", "not (claims.risk > 5)", AT),
    ("R204", "r", 'claims.nick starts with "a"', AT),
    ("R204", "r", 'header["X-A"] == "a"', AT),
    ("R204", "r", 'metadata.t9 == "a"', AT),
    ("R204", "both", 'claims.extra == "e"', AT),
    ("R204", "open", 'claims.sub == "u"', Given(None, {}, None, {}, {})),
    ("R205", "nobody", 'claims.sub == "u"', Given(None, {}, None, {}, {})),
    ("R206", "open", '"g" in policy.grants', Given(None, {}, None, {}, {})),
    ("R208", "r", 'metadata.t8 == "a"', AT),
    ("R209", "r", 'path.p2 == "x"', AT),
    ("R210", "both", 'path.p1 == "x"', Given("corp", CORP, {"b9": False}, {}, {})),
    ("R211", "r", '"g" in policy.grants', AT),
    ("R212", "r", 'client.name == "x"', AT),
    ("R218", "r", "claims.sub", AT),
    ("R218", "r", "not claims.level", AT),
    ("R218", "r", "claims.level or claims.scope", AT),
    ("R219", "r", 'claims.level == "3"', AT),
    ("R219", "r", "claims.sub == claims.level", AT),
    ("R219", "r", "claims.admin == 1", AT),
    ("R220", "r", 'claims.sub < "z"', AT),
    ("R220", "r", "claims.admin < true", AT),
    ("R222", "r", '"u" in claims.sub', AT),
    ("R222", "r", "claims.level in claims.scope", AT),
    ("R222", "r", "any of claims.sub in claims.scope", AT),
    ("R224", "r", 'claims.scope starts with "a"', AT),
    ("R225", "r", "claims.sub older than 1min", AT),
    ("R226", "r", "claims.sub + 1 == 3", AT),
    ("R243", "r", "(claims.risk ?? claims.sub) > 3", AT),
]
"""Code, route, condition, and a request for which the condition, had it been accepted, would have gone wrong."""


@pytest.mark.parametrize(("code", "route", "text", "given_"), WITNESSES, ids=lambda value: str(value)[:30])
def test_what_is_refused_has_a_witness(code: str, route: str, text: str, given_: Given) -> None:
    here = world(DECLARATIONS)
    assert checked(text, Scenery(here.of(route), here.names))[1][:1] == [code]
    with pytest.raises(WrongError):
        verdict(read(text), given_)


CONSTANT = [
    ("R213", "issuer is nobody and claims.admin", False),
    ("R214", "issuer is guest and claims.admin", False),
    ("R232", 'claims.plan == "c"', False),
    ("R233", 'claims.sub == "much too long"', False),
    ("R237", "claims.sub in []", False),
    ("R238", 'claims.plan matches "a*" and claims.plan ends with "z"', False),
    ("R241", "claims.sub present", True),
    ("R244", "claims.level > 9", False),
    ("R244", "claims.level == claims.level", True),
    ("R245", "true", True),
    ("R246", 'claims.plan == "a" or claims.plan == "b"', True),
    ("R247", 'claims.plan != "a" and claims.plan != "b"', False),
    ("R248", "claims.admin and not claims.admin", False),
]


@pytest.mark.parametrize(("code", "text", "value"), CONSTANT)
def test_what_is_refused_for_deciding_nothing_decides_nothing(code: str, text: str, value: bool) -> None:
    here = world(DECLARATIONS)
    assert code in checked(text, Scenery(here.of("r"), here.names))[1]
    for level in range(10):
        for plan in "ab":
            for admin in (True, False):
                facts = CORP | {"level": level, "plan": plan, "admin": admin, "sub": "u"}
                assert meaning(read(text), replace(AT, claims=facts)) is value


def test_a_sum_that_is_refused_leaves_64_bits() -> None:
    here = world(DECLARATIONS)
    text = "claims.wide + 1 > 3"
    assert checked(text, Scenery(here.of("r"), here.names))[1] == ["R227"]
    expr = read(text)
    assert isinstance(expr, nodes.Compare)
    assert meaning(expr.left, AT) > 2**63 - 1


def test_a_domain_that_is_refused_lets_a_stranger_in() -> None:
    around = 'issuer a { claims { mail: email } }\nroute r { match GET on "/" trust a }'
    here = world(around)
    text = 'claims.mail ends with "example.com"'
    assert checked(text, Scenery(here.of("r"), here.names))[1] == ["R239"]
    stranger = Given("a", {"mail": "mallory@evil-example.com"}, None, {}, {})
    assert meaning(read(text), stranger) is True


def test_a_let_that_leads_back_to_itself_has_no_value() -> None:
    here = world(f"{DECLARATIONS}\nlet alpha = not beta\nlet beta = alpha")
    assert checked("alpha", Scenery(here.of("r"), here.names))[1] == ["R216"]
    with pytest.raises(RecursionError):
        meaning(read("alpha"), AT, {name: let.value for name, let in here.names.lets.items()})


def test_without_a_metadata_block_there_are_no_metadata() -> None:
    here = world("\n".join(line for line in DECLARATIONS.splitlines() if not line.startswith("metadata")))
    assert checked("metadata.b9", Scenery(here.of("r"), here.names))[1] == ["R207"]
    with pytest.raises(WrongError):
        verdict(read("metadata.b9"), replace(AT, metadata={}))


@pytest.mark.parametrize(("code", "text"), [("R234", "10.0.0.0/33"), ("R235", "10.0.0.1/8")])
def test_what_is_refused_as_a_network_is_none(code: str, text: str) -> None:
    here = world(DECLARATIONS)
    assert checked(f'client.ip in ["{text}"]', Scenery(here.of("r"), here.names))[1] == [code]
    with pytest.raises(ValueError, match=r"does not appear|has host bits"):
        ip_network(text)


def test_a_network_of_mapped_addresses_has_no_address_as_the_gateway_reads_them() -> None:
    here = world(DECLARATIONS)
    assert checked('client.ip in ["::ffff:10.0.0.0/104"]', Scenery(here.of("r"), here.names))[1] == ["R236"]
    address = ip_address("::ffff:10.0.0.1")
    assert isinstance(address, IPv6Address)
    assert address.ipv4_mapped not in ip_network("::ffff:10.0.0.0/104")


NO_FAULT = {
    "R215": "a client writes such a header as it likes; test_expr_lookup",
    "R217": "the plan would not end; test_expr_lets",
    "R221": "its answer could not be cached; test_expr_compare",
    "R223": "an address has many spellings; test_expr_compare",
    "R228": "conditions are no values; test_expr_conditions",
    "R229": "braces would stand for themselves; test_expr_literals",
    "R230": "not a condition; test_expr_purpose",
    "R231": "not a condition; test_expr_purpose",
    "R242": "the default is never used; test_expr_values",
    "R249": "not a condition; test_expr_arms",
}
"""Codes whose programs would not have faulted, why they are refused, and where that is tested."""


def test_every_code_is_accounted_for() -> None:
    elsewhere = {"R207", "R216", "R227", "R234", "R235", "R236", "R239"}
    witnessed = {case[0] for case in WITNESSES} | {case[0] for case in CONSTANT} | elsewhere
    declared = {
        (inspect.getdoc(function) or "")[:4]
        for module in (
            errors_expr_absence,
            errors_expr_constant,
            errors_expr_literals,
            errors_expr_names,
            errors_expr_types,
        )
        for function in vars(module).values()
        if inspect.isfunction(function) and function.__module__ == module.__name__
    }
    assert witnessed | NO_FAULT.keys() == declared
    assert not witnessed & NO_FAULT.keys()
