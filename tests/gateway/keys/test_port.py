from gateway.keys.port import NoAccessKeys, NoRevocations
from gateway.message.ports import OUTAGE


def test_no_store_is_no_keys_and_no_word_on_them() -> None:
    assert NoAccessKeys().find("partners", "0" * 16, 0) is OUTAGE
    assert NoAccessKeys().changed_since("partners", "0" * 16, 10**9)


def test_no_store_takes_nothing_back() -> None:
    assert NoRevocations().revoked("corp", b"i" * 16, b"j", None, 0) is False
