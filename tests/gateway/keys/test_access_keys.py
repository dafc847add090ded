from gateway.authn.epoch import Epoch
from gateway.keys.access_keys import StoredAccessKeys
from gateway.keys.port import AccessKey
from gateway.keys.records import HmacProof, KeyRecord, OpaqueProof, Proof, PublicProof, write_key
from gateway.keys.secrets import base64url, hmac_secret
from gateway.message.parked import Parked, settle
from gateway.message.ports import OUTAGE, Outage
from gateway.records.port import Change, Kind, Stored
from tests.strategies.ring_door import MASTER
from tests.strategies.tokens import ec_key, jwk

KID = "0123456789abcdef"
OTHER = KID[::-1]


class Shelf:
    """A record cache that says what it is told to."""

    def __init__(self) -> None:
        self.answer: Stored | Outage | Parked[Stored | Outage | None] | None = None
        self.asked: list[tuple[str, str, int]] = []
        self.live = True

    def look(
        self, kind: Kind, name: str, _now: int, stale: int = 0
    ) -> Stored | Outage | Parked[Stored | Outage | None] | None:
        self.asked.append((kind, name, stale))
        return self.answer


def stored(proof: Proof, version: int = 7, expires: int = 0, disabled: bool = False) -> Stored:
    content = write_key(KeyRecord(proof, {"sub": "u"}, disabled, 1, 2))
    return Stored(f"ring:{KID}", version, content, expires)


OPAQUE = OpaqueProof(b"s" * 16, b"d" * 32)


def keys(shelf: Shelf, **how: int) -> StoredAccessKeys:
    made = StoredAccessKeys(shelf, MASTER, Epoch(), **how)
    made.follow_by(shelf)
    return made


def test_an_opaque_key() -> None:
    shelf = Shelf()
    shelf.answer = stored(OPAQUE, expires=50)
    found = keys(shelf, stale=9).find("ring", KID, 10)
    assert found == AccessKey("ring", KID, 7, b"d" * 32, None, {"sub": "u"}, 50, False, 2)
    assert shelf.asked == [("key", f"ring:{KID}", 9)]


def test_a_key_for_tokens_has_a_jwk_of_its_own_id() -> None:
    shelf = Shelf()
    shelf.answer = stored(PublicProof(jwk(ec_key())), 1)
    found = keys(shelf).find("ring", KID, 10)
    assert isinstance(found, AccessKey)
    assert found.jwk == jwk(ec_key(), kid=KID)
    shelf.answer = stored(HmacProof("HS512", b"s" * 16), 2)
    found = keys(shelf).find("ring", KID, 10)
    assert isinstance(found, AccessKey)
    secret = base64url(hmac_secret(MASTER, "HS512", "ring", KID, b"s" * 16))
    assert (found.jwk, found.digest) == ({"kty": "oct", "alg": "HS512", "kid": KID, "k": secret}, b"")
    assert secret not in repr(found)


def test_what_is_not_there_is_over_or_cannot_be_had() -> None:
    shelf = Shelf()
    found = keys(shelf)
    assert found.find("ring", KID, 10) is None
    shelf.answer = stored(OPAQUE, expires=10)
    assert found.find("ring", KID, 10) is None
    assert found.find("ring", KID, 9) is not None
    shelf.answer = OUTAGE
    assert found.find("ring", KID, 10) is OUTAGE
    shelf.answer = Stored(f"ring:{KID}", 9, b"{}", 0)
    assert found.find("ring", KID, 10) is OUTAGE
    assert found.unreadable == 1


def test_a_disabled_key_says_so() -> None:
    shelf = Shelf()
    shelf.answer = stored(OPAQUE, disabled=True)
    found = keys(shelf).find("ring", KID, 10)
    assert isinstance(found, AccessKey)
    assert found.disabled


async def test_while_the_store_is_asked_the_look_is_parked() -> None:
    shelf = Shelf()

    async def ready() -> None:
        return None

    shelf.answer = Parked(ready(), lambda: stored(OPAQUE))
    parked = keys(shelf).find("ring", KID, 10)
    assert isinstance(parked, Parked)
    assert isinstance(await settle(parked), AccessKey)


def test_a_version_is_decoded_once_and_the_kept_are_bounded() -> None:
    shelf = Shelf()
    found = keys(shelf, kept=2)
    shelf.answer = stored(OPAQUE)
    first = found.find("ring", KID, 10)
    assert found.find("ring", KID, 10) is first
    shelf.answer = stored(OPAQUE, 8)
    second = found.find("ring", KID, 10)
    assert second is not first
    for number in range(5):
        shelf.answer = Stored(f"ring:{number:016}", 1, stored(OPAQUE).content, 0)
        found.find("ring", f"{number:016}", 10)
    shelf.answer = stored(OPAQUE, 8)
    assert found.find("ring", KID, 10) is not second


def test_a_change_begins_an_epoch_and_concerns_one_key() -> None:
    epoch = Epoch()
    shelf = Shelf()
    found = StoredAccessKeys(shelf, MASTER, epoch)
    found.follow_by(shelf)
    found.doubted()
    before = epoch.value
    found.changed((Change("metadata", "x", 1), Change("revocation", "issuer:x", 2)))
    assert epoch.value == before
    found.changed((Change("key", f"ring:{KID}", 3),))
    assert epoch.value == before + 1
    assert found.changed_since("ring", KID, before)
    assert not found.changed_since("ring", KID, epoch.value)
    assert not found.changed_since("ring", OTHER, before)
    assert not found.changed_since("rin", KID, before)


def test_doubt_and_silence_concern_every_key() -> None:
    epoch = Epoch()
    shelf = Shelf()
    found = StoredAccessKeys(shelf, MASTER, epoch)
    assert found.changed_since("ring", KID, epoch.value)
    found.follow_by(shelf)
    assert not found.changed_since("ring", KID, epoch.value)
    shelf.live = False
    assert found.changed_since("ring", KID, epoch.value)
    shelf.live = True
    before = epoch.value
    found.doubted()
    assert epoch.value > before
    assert found.changed_since("ring", KID, before)
    assert not found.changed_since("ring", KID, epoch.value)


def test_changes_that_are_forgotten_put_all_of_their_time_in_doubt() -> None:
    epoch = Epoch()
    shelf = Shelf()
    found = StoredAccessKeys(shelf, MASTER, epoch, remembered=2)
    found.follow_by(shelf)
    seen = []
    for number in range(4):
        seen.append(epoch.value)
        found.changed((Change("key", f"ring:{number:016}", number + 1),))
    assert found.changed_since("ring", OTHER, seen[0])
    assert found.changed_since("ring", OTHER, seen[1])
    assert not found.changed_since("ring", OTHER, seen[2])
    assert found.changed_since("ring", f"{3:016}", seen[3])
