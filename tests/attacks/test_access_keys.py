"""R22, R30, R33, R36, R43: access keys of several keyrings, presented and named in every way but the right one."""

import hmac
from typing import Any

import pytest

from gateway.keys import secrets
from gateway.keys.changes import Created
from gateway.message.refusal import Refusal
from gateway.records.port import Stored
from policylang.plan.model import Keys
from policylang.token.compact import decode_base64url
from tests.strategies.ring_door import PARTNERS, SIGNED, RingDoor, opaque
from tests.strategies.tokens import CORP, b64, bearer, ec_key, issuer, jwk, payload, rsa_key, sign

OTHERS = issuer(name="others", iss="", keys=Keys("keyring", "others"), algorithms=())
SECOND_RING = issuer(
    name="second", iss="https://second.example", keys=Keys("keyring", "seconds"), algorithms=("HS256", "RS256")
)
ISSUERS = (CORP, PARTNERS, SIGNED, OTHERS, SECOND_RING)


async def door() -> RingDoor:
    return await RingDoor.open(ISSUERS)


def secret_of(made: Created) -> bytes:
    assert made.secret is not None
    return decode_base64url(made.secret.encode())


def signed(made: Created, iss: str = SIGNED.iss, **changes: Any) -> bytes:
    return sign(payload(iss=iss, **changes), secret_of(made), "HS256", kid=made.key.kid)


async def test_a_key_of_one_keyring_verifies_for_no_other() -> None:
    asked = await door()
    made = await asked.make("seconds", "HS256")
    await asked.admits(signed(made, SECOND_RING.iss))
    for _ in range(3):
        assert await asked.refuses(signed(made, SIGNED.iss)) == "no_such_key"
    await asked.admits(signed(made, SECOND_RING.iss))


async def test_one_kid_in_two_keyrings_is_two_keys() -> None:
    asked = await door()
    made = await asked.make("seconds", "HS256")
    record = await asked.store.get("key", f"seconds:{made.key.kid}")
    assert isinstance(record, Stored)
    # Even a record that was copied under another keyring derives another secret there
    await asked.store.put("key", f"clients:{made.key.kid}", record.content, 0, None)
    await asked.hear()
    assert await asked.refuses(signed(made, SIGNED.iss)) == "signature"
    await asked.admits(signed(made, SECOND_RING.iss))


async def test_an_opaque_key_of_a_ring_that_the_route_does_not_trust_is_no_key() -> None:
    asked = await door()
    made = await asked.make("others", claims={"sub": "o"})
    for _ in range(3):
        assert (await asked.admits(opaque(made))).issuer == 3
        assert await asked.refuses(opaque(made), trust=(1,)) == "no_such_key"
        assert await asked.refuses(opaque(made), trust=(0,)) == "not_compact"


async def test_a_record_copied_to_another_ring_holds_nobodys_secret() -> None:
    asked = await door()
    made = await asked.make("others", claims={"sub": "o"})
    record = await asked.store.get("key", f"others:{made.key.kid}")
    assert isinstance(record, Stored)
    await asked.store.put("key", f"partners:{made.key.kid}", record.content, 0, None)
    await asked.hear()
    assert await asked.refuses(opaque(made), trust=(1,)) == "key_secret"


async def test_a_shared_secret_is_no_opaque_key_and_the_reverse() -> None:
    both = issuer(name="both", iss="", keys=SIGNED.keys, algorithms=())
    asked = await RingDoor.open((CORP, PARTNERS, SIGNED, both))
    shared = await asked.make("clients", "HS256")
    assert shared.secret is not None
    assert await asked.refuses(f"{shared.key.kid}.{shared.secret}".encode()) == "key_secret"
    presented = await asked.make("clients", "opaque", {"sub": "k"})
    own = opaque(presented).split(b".")[1]
    await asked.admits(opaque(presented))
    for key in (decode_base64url(own), own, opaque(presented)):
        token = sign(payload(iss=SIGNED.iss), key, "HS256", kid=presented.key.kid)
        assert await asked.refuses(token) == "alg_not_of_key"


async def test_an_empty_issuer_is_no_way_to_sign_for_an_opaque_ring() -> None:
    asked = await door()
    made = await asked.make()
    for iss in ("", None, ...):
        token = sign(payload(iss=iss), ec_key(), kid=made.key.kid)
        assert await asked.refuses(token) in ("iss_unknown", "iss_missing")


@pytest.mark.parametrize("spelled", ["json", "modulus", "der"])
async def test_r22_a_public_key_is_no_secret(spelled: str) -> None:
    asked = await door()
    public = jwk(rsa_key())
    made = await asked.make("clients", "public", jwk=public)
    guess = {
        "json": repr(public).encode(),
        "modulus": public["n"].encode(),
        "der": decode_base64url(public["n"].encode()),
    }
    token = sign(payload(iss=SIGNED.iss), guess[spelled], "HS256", kid=made.key.kid)
    assert await asked.refuses(token) == "alg_not_of_key"
    await asked.admits(sign(payload(iss=SIGNED.iss), rsa_key(), "RS256", kid=made.key.kid))


async def test_r22_a_secret_verifies_with_its_own_algorithm_alone() -> None:
    wide = issuer(name="signed", iss=SIGNED.iss, keys=SIGNED.keys, algorithms=("HS256", "HS384", "HS512", "RS256"))
    asked = await RingDoor.open((CORP, PARTNERS, wide))
    made = await asked.make("clients", "HS512")
    secret = secret_of(made)
    for alg in ("HS256", "HS384"):
        assert await asked.refuses(sign(payload(iss=wide.iss), secret, alg, kid=made.key.kid)) == "alg_not_of_key"
    assert await asked.refuses(sign(payload(iss=wide.iss), rsa_key(), "RS256", kid=made.key.kid)) == "alg_not_of_key"
    await asked.admits(sign(payload(iss=wide.iss), secret, "HS512", kid=made.key.kid))


async def test_r22_the_issuer_has_to_take_the_algorithm_too() -> None:
    asked = await door()
    made = await asked.make("clients", "public", jwk=jwk(rsa_key()))
    token = sign(payload(iss=SIGNED.iss), rsa_key(), "PS256", kid=made.key.kid)
    assert await asked.refuses(token) == "alg_not_allowed"


KID = "0000000000000001"


@pytest.mark.parametrize(
    "kid",
    ["", KID.upper().replace("0", "A"), KID + "0", KID[1:], f" {KID}", f"{KID}\n", f"{KID}\x00", f"clients:{KID}", f"../{KID}",
     f"{KID}*", "*", "?" * 16, "٠" * 16, "0" * 15 + "é", "０" * 16, "x" * 300, f"{{7}}:{KID}"],
)  # fmt: skip
async def test_a_kid_with_odd_characters_names_nothing_and_asks_nobody(kid: str) -> None:
    asked = await door()
    await asked.make("clients", "HS256")
    readings = asked.records.readings
    token = sign(payload(iss=SIGNED.iss), b"s" * 32, "HS256", kid=kid)
    assert await asked.refuses(token) in ("no_such_key", "kid_invalid")
    # Spaces before a credential are no part of it (RFC 6750 section 2.1)
    answer = asked.knock(bearer(b"~" + kid.encode() + b"." + b"A" * 43))
    assert isinstance(answer, Refusal)
    assert answer.kind == "credential_refused"
    if not kid.startswith(" "):
        answer = asked.knock(bearer(kid.encode() + b"." + b"A" * 43))
        assert isinstance(answer, Refusal)
        assert answer.kind == "credential_refused"
    assert asked.records.readings == readings


async def test_another_spelling_of_a_key_is_no_key() -> None:
    asked = await door()
    made = await asked.make()
    kid, secret = opaque(made).split(b".")
    last = bytes((secret[-1] + 1,))
    for spelled in (
        kid.upper() + b"." + secret,
        kid + b"." + secret + b"=",
        kid + b"." + secret[:-1] + last,
        kid + b"." + secret.replace(b"-", b"+").replace(b"_", b"/") + b"\t",
        kid + b"%2e" + secret,
        kid + b".." + secret,
        b"." + kid + b"." + secret,
        secret + b"." + kid,
    ):
        answer = await asked.ask(spelled)
        assert isinstance(answer, Refusal), spelled
        assert answer.kind == "credential_refused"
    await asked.admits(opaque(made))


async def test_r43_unknown_and_known_keys_cost_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await door()
    made = await asked.make()
    compared: list[tuple[int, int]] = []
    digested: list[str] = []
    compare, digest = hmac.compare_digest, secrets.secret_digest

    def counted(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    def noted(keyring: str, kid: str, secret: bytes) -> bytes:
        digested.append(keyring)
        return digest(keyring, kid, secret)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    monkeypatch.setattr(secrets, "secret_digest", noted)
    work = []
    for credential in (opaque(made)[:17] + b64(bytes(32)), b"f" * 16 + b"." + b64(bytes(32)), opaque(made)):
        await asked.ask(credential)
        work.append((tuple(compared), tuple(digested)))
        compared.clear()
        digested.clear()
    assert work[0] == work[1] == work[2] == (((32, 32),) * 2, ("partners", "others"))


async def test_the_answer_does_not_tell_why_a_key_is_refused() -> None:
    asked = await door()
    made = await asked.make()
    disabled = await asked.make(disabled=True)
    answers = [
        await asked.ask(credential)
        for credential in (opaque(made)[:17] + b64(bytes(32)), b"f" * 16 + b"." + b64(bytes(32)), opaque(disabled))
    ]
    told = []
    for answer in answers:
        assert isinstance(answer, Refusal)
        told.append((answer.kind, answer.status, tuple(answer.headers), answer.close))
        assert made.key.kid not in answer.reason
    assert len(set(told)) == 1


async def test_a_key_that_is_rotated_deleted_or_disabled_while_a_request_is_parked() -> None:
    for act in ("rotate", "delete", "disable"):
        asked = await door()
        made = await asked.make()
        # The change is told while the record is being read: what was read before it is read again
        parked = asked.parks(bearer(opaque(made)))
        if act == "rotate":
            await asked.rotate(made.key)
        elif act == "delete":
            await asked.delete(made.key)
        else:
            await asked.change(made.key, disabled=True)
        await parked.ready
        parked.resume()
        for _ in range(3):
            assert await asked.refuses(opaque(made)) in ("key_secret", "no_such_key", "key_disabled")


async def test_r36_a_store_that_fails_in_the_middle_lets_nobody_in() -> None:
    asked = await door()
    made = await asked.make("clients", "HS256")
    parked = asked.parks(bearer(signed(made)))
    asked.store.out = True
    await parked.ready
    answer = parked.resume()
    assert isinstance(answer, Refusal)
    assert answer.kind == "keys_fault"


async def test_r30_a_bad_key_is_not_anonymous() -> None:
    asked = await door()
    for credential in (b"f" * 16 + b"." + b64(bytes(32)), b"a.b", b".", b"x."):
        assert await asked.refuses(credential, anonymous=True) in ("no_such_key", "not_a_key")


async def test_a_disabled_key_tells_nobody_that_it_is_there() -> None:
    asked = await door()
    made = await asked.make("clients", "HS256", disabled=True)
    assert await asked.refuses(signed(made)) == "key_disabled"
    wrong = sign(payload(iss=SIGNED.iss), b"w" * 32, "HS256", kid=made.key.kid)
    assert await asked.refuses(wrong) == "key_disabled"
