import pytest

from gateway.authn.addresses import may_connect

NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::1"]
)
def test_public_addresses(address: str) -> None:
    assert may_connect("id.example", address, NOBODY)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.1.2.3",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b::7f00:1",
        "2002:a00:1::1",
        "2002:7f00:1::1",
        "2001:db8::1",
        "fec0::1",
        "not-an-address",
        "",
    ],
)
def test_addresses_that_are_not_everybodys(address: str) -> None:
    assert not may_connect("id.example", address, NOBODY)


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "fd00::1"])
def test_a_listed_host_may_be_anywhere(address: str) -> None:
    assert may_connect("keys.internal", address, frozenset(("keys.internal",)))
    assert not may_connect("other.internal", address, frozenset(("keys.internal",)))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "rebound.example"])
def test_this_machine_is_listed_or_not_asked(host: str) -> None:
    assert not may_connect(host, "127.0.0.1", NOBODY)
    assert not may_connect(host, "::1", NOBODY)
    assert may_connect(host, "127.0.0.1", frozenset((host,)))
