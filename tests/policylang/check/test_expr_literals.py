"""Constants in conditions: the type of the place, and networks."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylang.check import model
from policylang.check.environment import Sink
from policylang.check.expr_literals import in_place, network, networks, text_set
from policylang.check.expr_scene import Scene
from policylang.source.spans import NOWHERE, Span
from policylang.syntax import nodes
from policylang.typesys.terms import Bool, Cidr, Enum, Int, SetOf, Slug, Text, Time, Type
from tests.policylang.check.expr_world import world


def scene() -> Scene:
    return Scene((), world("").names, Sink())


def string(value: str, start: int = 0) -> nodes.Str:
    return nodes.Str(Span(0, start, start + 1), value)


def listed(*values: str) -> nodes.StrSet:
    return nodes.StrSet(NOWHERE, tuple(string(value, at) for at, value in enumerate(values)))


@pytest.mark.parametrize(
    ("node", "place", "value"),
    [
        (string("a"), Text(), "a"),
        (string("a"), Enum(("a", "b")), "a"),
        (string("FD00::/8"), Cidr(), "fd00::/8"),
        (nodes.Int(NOWHERE, 5), Int(0, 9), 5),
        (nodes.Bool(NOWHERE, True), Bool(), True),
        (listed("b", "a"), SetOf(Slug()), frozenset({"a", "b"})),
        (listed(), SetOf(Slug()), frozenset()),
    ],
)
def test_a_constant_takes_the_type_of_its_place(node: nodes.Str, place: Type, value: object) -> None:
    here = scene()
    literal = in_place(node, place, "==", here)
    assert not here.sink.found
    assert literal is not None
    assert (literal.type, literal.value) == (place, value)


@pytest.mark.parametrize(
    ("node", "place", "code"),
    [
        (string("c"), Enum(("a", "b")), "R232"),
        (string("A"), Slug(), "R233"),
        (string(""), Text(), "R233"),
        (string("a"), Int(0, 9), "R219"),
        (string("a"), Bool(), "R219"),
        (string("a"), SetOf(Text()), "R219"),
        (nodes.Int(NOWHERE, 10), Int(0, 9), "R233"),
        (nodes.Int(NOWHERE, 1), Bool(), "R219"),
        (nodes.Int(NOWHERE, 1), Text(), "R219"),
        (nodes.Int(NOWHERE, 1), Time(), "R219"),
        (nodes.Bool(NOWHERE, True), Int(0, 1), "R219"),
        (listed("a"), Text(), "R219"),
        (listed("A"), SetOf(Slug()), "R233"),
        (listed("a", "a"), SetOf(Slug()), "R254"),
        (string("x"), Cidr(), "R234"),
    ],
)
def test_a_constant_that_does_not_fit(node: nodes.Str, place: Type, code: str) -> None:
    here = scene()
    assert in_place(node, place, "==", here) is None
    assert [one.code for one in here.sink.found] == [code]


def test_templates_are_refused() -> None:
    here = scene()
    hole = nodes.Str(NOWHERE, "", ((0, nodes.Ref(NOWHERE, "claims", "sub")),))
    assert in_place(hole, Text(), "==", here) is None
    assert network(hole, here) is None
    assert [one.code for one in here.sink.found] == ["R229"]


def test_each_bad_item_is_told() -> None:
    here = scene()
    assert text_set(listed("A", "b", "C"), Slug(), here) is None
    assert [one.span.start for one in here.sink.found] == [0, 2]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "R234"),
        ("10.0.0.0/33", "R234"),
        ("10.0.0.0/-1", "R234"),
        ("10.0.0.0/255.0.0.0", "R234"),
        ("10.0.0.0/0.255.255.255", "R234"),
        ("010.0.0.0/8", "R234"),
        ("10.0.0.0/8 ", "R234"),
        ("10.0.0.0/\u0668", "R234"),
        ("fe80::1%eth0", "R234"),
        ("fe80::%eth0/64", "R234"),
        ("10.0.0", "R234"),
        ("10.1.0.0/8", "R235"),
        ("fd00::1/8", "R235"),
        ("::ffff:10.0.0.0/104", "R236"),
        ("::ffff:10.0.0.1", "R236"),
    ],
)
def test_what_is_no_network(value: str, code: str) -> None:
    here = scene()
    assert network(string(value), here) is None
    assert [one.code for one in here.sink.found] == [code]


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("::/0", "::/0"),
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:DB8:0:0::/32", "2001:db8::/32"),
        ("::1", "::1/128"),
        ("::fffe:0:0/95", "::fffe:0:0/95"),
    ],
)
def test_networks_are_canonical(value: str, canonical: str) -> None:
    here = scene()
    assert network(string(value), here) == model.Lit(string(value).span, Cidr(), canonical)


def test_host_bits_and_mapped_addresses_get_the_network_that_was_meant() -> None:
    here = scene()
    network(string("10.1.2.3/8"), here)
    network(string("::ffff:10.0.0.0/104"), here)
    assert ['"10.0.0.0/8"' in one.help[0] for one in here.sink.found] == [True, True]


@given(st.ip_addresses(), st.integers(0, 128))
def test_every_network_without_host_bits_is_one(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, length: int
) -> None:
    net = ipaddress.ip_network(f"{address}/{length % (address.max_prefixlen + 1)}", strict=False)
    here = scene()
    literal = network(string(str(net)), here)
    mapped = isinstance(net, ipaddress.IPv6Network) and net.subnet_of(ipaddress.IPv6Network("::ffff:0:0/96"))
    assert (literal is None) is mapped
    assert literal is None or literal.value == str(net)


def test_an_empty_list_of_networks_is_refused() -> None:
    here = scene()
    assert networks(listed(), here) is None
    assert [one.code for one in here.sink.found] == ["R237"]
    assert networks(listed("10.0.0.0/8"), here) == model.Lit(NOWHERE, SetOf(Cidr()), frozenset({"10.0.0.0/8"}))
