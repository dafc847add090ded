from gateway.authn.challenge import Challenge
from gateway.authn.desk import AuthnCounters, Desk
from gateway.authn.epoch import Epoch
from gateway.authn.token_cache import TokenCache
from gateway.message.ports import OUTAGE


def test_it_counts_what_it_refuses_and_has_no_store_unless_told() -> None:
    desk = Desk(TokenCache(), Epoch(), b"k", Challenge("r"), AuthnCounters())
    refusal, fault = desk.refuse("signature"), desk.fault("key_store")
    assert (refusal.kind, refusal.reason, refusal.headers) == (
        "credential_refused",
        "signature",
        [("WWW-Authenticate", 'Bearer realm="r", error="invalid_token"')],
    )
    assert (fault.kind, fault.reason, fault.headers) == ("keys_fault", "key_store", [])
    assert (desk.counters.refused, desk.counters.keys_fault) == (1, 1)
    assert desk.keys.find("ring", "0" * 16, 0) is OUTAGE
    assert desk.revocations.revoked("corp", b"", None, None, 0) is False
