"""Scripts and faults: what they are called, and what they tell."""

from gateway.store.link import Script, StoreFault


def test_a_script_is_known_by_the_digest_that_servers_use() -> None:
    assert Script("one", "return 1").sha == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"


def test_a_fault_tells_whether_it_was_done() -> None:
    fault = StoreFault("timeout", "perhaps")
    assert (str(fault), fault.reason, fault.done) == ("timeout", "timeout", "perhaps")
