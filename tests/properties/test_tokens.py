"""Properties 23 to 26: what is verified, what one bit does, what a rotation costs, and that the cache changes nothing."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from gateway.authn.authenticate import Authenticator
from gateway.authn.key_fetch import FetchFailed
from gateway.authn.key_set import DEFAULT_TIMING, MINUTE, SECOND
from gateway.authn.keys import make_key
from gateway.authn.token_cache import TokenCache
from gateway.authn.verify import signature_holds
from gateway.message.parked import settle
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal
from policylang.embed import TokenRefused, read_compact
from policylang.plan.model import Issuer, Keys, Mark
from tests.strategies.door import IDENTITY_KEY, Door
from tests.strategies.key_sources import published
from tests.strategies.profile import examples, machine
from tests.strategies.tokens import (
    AUDIENCE,
    CORP,
    ISS,
    NOW,
    PrivateKey,
    bearer,
    claim,
    ec_key,
    ed_key,
    issuer,
    jwk,
    payload,
    rsa_key,
    sign,
)

T = NOW // SECOND
SECRET = b"a secret of at least 64 bytes, which is what the longest hash asks for"

KEYS: dict[str, PrivateKey] = {"ec": ec_key(), "rsa": rsa_key(), "ed": ed_key(), "p384": ec_key(0, ec.SECP384R1)}
PUBLISHED = published(*(jwk(key, kid=kid) for kid, key in KEYS.items()))
ALGORITHM_OF = {"ec": ("ES256",), "rsa": ("RS256", "PS256"), "ed": ("EdDSA",), "p384": ("ES384",)}
LISTED = ("ES256", "RS256")


def secret_of(key: PrivateKey | bytes) -> bytes:
    """What an attacker would use as an HMAC key: the public key, as it is published."""
    if isinstance(key, bytes):
        return key
    return json.dumps(jwk(key)).encode()


# --- 23 ---------------------------------------------------------------------------------------------------------------

OFFSETS = st.sampled_from([-(10**6), -61, -31, -30, -29, -1, 0, 1, 29, 30, 31, 61, 10**6])


@examples(150)
@given(
    signer=st.sampled_from(sorted(KEYS)),
    alg=st.sampled_from(["ES256", "ES384", "RS256", "RS384", "PS256", "EdDSA", "HS256", "none"]),
    kid=st.sampled_from([*sorted(KEYS), "unknown", None]),
    iss=st.sampled_from([ISS, ISS + "/", "https://evil.example", None, ...]),
    aud=st.sampled_from([AUDIENCE, [AUDIENCE, "x"], ["x"], [], None, ...]),
    exp=OFFSETS,
    nbf=st.one_of(st.just(...), OFFSETS),
)
def test_a_token_is_admitted_if_and_only_if_everything_about_it_is_right(
    signer: str, alg: str, kid: str | None, iss: Any, aud: Any, exp: int, nbf: Any
) -> None:
    key: PrivateKey | bytes = KEYS[signer]
    fits = alg in ALGORITHM_OF[signer] or (alg, signer) == ("RS384", "rsa")
    made_with = alg if fits else ALGORITHM_OF[signer][0]
    if alg == "HS256":
        key, made_with = secret_of(key), "HS256"
    header = {"alg": alg} | ({} if kid is None else {"kid": kid})
    instants = {"exp": T + exp, "nbf": nbf if nbf is ... else T + nbf, "iat": ...}
    token = sign(payload(iss=iss, aud=aud, **instants), key, made_with, header)
    right = (
        alg in LISTED
        and fits
        and kid in {signer, None}
        and iss == ISS
        and AUDIENCE in (aud if isinstance(aud, list) else [aud])
        and exp + 30 > 0
        and (nbf is ... or nbf - 30 <= 0)
    )

    async def judge() -> Principal | Refusal:
        return await Door(answer=PUBLISHED).ask(token)

    answer = asyncio.run(judge())
    assert isinstance(answer, Principal) == right
    assert right or (isinstance(answer, Refusal) and answer.kind == "credential_refused")


JOSERFC: dict[str, Any] = {"RS256": RSAKey, "PS256": RSAKey, "ES256": ECKey, "ES384": ECKey, "EdDSA": OKPKey}


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@examples(120)
@given(
    alg=st.sampled_from(["RS256", "PS256", "ES256", "ES384", "EdDSA", "HS256"]),
    other_key=st.booleans(),
    claimed=st.sampled_from([None, "RS256", "PS256", "ES256", "EdDSA", "HS256"]),
    tamper=st.one_of(st.none(), st.tuples(st.integers(0, 2), st.integers(0, 10**6), st.integers(1, 255))),
    body=st.dictionaries(st.text(max_size=4), st.text(max_size=8) | st.integers(-5, 5), max_size=3),
)
def test_signatures_hold_where_another_library_says_so(
    alg: str, other_key: bool, claimed: str | None, tamper: tuple[int, int, int] | None, body: dict[str, Any]
) -> None:
    number = 1 if other_key else 0
    signers: dict[str, PrivateKey | bytes] = {
        "RS256": rsa_key(number),
        "PS256": rsa_key(number),
        "ES256": ec_key(number),
        "ES384": ec_key(number, ec.SECP384R1),
        "EdDSA": ed_key(number),
        "HS256": SECRET[number:],
    }
    verifiers: dict[str, PrivateKey | bytes] = signers | {
        "RS256": rsa_key(),
        "PS256": rsa_key(),
        "ES256": ec_key(),
        "ES384": ec_key(0, ec.SECP384R1),
        "EdDSA": ed_key(),
        "HS256": SECRET,
    }
    header = {"alg": claimed or alg}
    token = sign(body, signers[alg], alg, header)
    if tamper is not None:
        part, index, change = tamper
        parts = token.split(b".")
        at = index % len(parts[part])
        parts[part] = parts[part][:at] + bytes((parts[part][at] ^ change,)) + parts[part][at + 1 :]
        token = b".".join(parts)
    verifier = verifiers[alg]
    ours = _ours(token, alg, verifier)
    theirs = _theirs(token, alg, verifier)
    # We refuse more: foreign spellings of base64url and header members that a reader may ignore.
    assert theirs or not ours
    if tamper is None:
        assert ours == theirs == (not other_key and header["alg"] == alg)


def _ours(token: bytes, alg: str, key: PrivateKey | bytes) -> bool:
    try:
        compact = read_compact(token)
    except TokenRefused:
        return False
    public = key if isinstance(key, bytes) else key.public_key()
    return compact.alg == alg and signature_holds(alg, make_key(None, public), compact.signing_input, compact.signature)


def _theirs(token: bytes, alg: str, key: PrivateKey | bytes) -> bool:
    imported = OctKey.import_key(key) if isinstance(key, bytes) else JOSERFC[alg].import_key(jwk(key))
    try:
        jws.deserialize_compact(token, imported, algorithms=[alg])
    except (JoseError, ValueError):
        return False
    return True


# --- 24 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alg", "key"), [("ES256", ec_key()), ("RS256", rsa_key()), ("EdDSA", ed_key()), ("HS256", SECRET[:32])]
)
async def test_one_flipped_bit_anywhere_refuses(alg: str, key: PrivateKey | bytes) -> None:
    keys = Keys("secret", "hooks") if isinstance(key, bytes) else CORP.keys
    corp = issuer(keys=keys, algorithms=(alg,))
    answer = published() if isinstance(key, bytes) else published(jwk(key, kid="k"))
    door = Door((corp,), answer, secrets={"hooks": SECRET[:32].decode()})
    members = {"iss": ISS, "aud": AUDIENCE, "sub": "u1", "exp": T + 300}
    token = sign(members, key, alg, {"alg": alg, "kid": "k"})
    for _ in range(3):
        await door.admits(token)
    verified = door.authenticator.counters.verified
    for index in range(len(token)):
        for bit in range(8):
            flipped = token[:index] + bytes((token[index] ^ (1 << bit),)) + token[index + 1 :]
            assert isinstance(await door.ask(flipped), Refusal), (index, bit)
    assert door.authenticator.counters.verified == verified
    assert len(door.fetcher.places) <= 2
    await door.admits(token)


# --- 25 ---------------------------------------------------------------------------------------------------------------


class Rotation(RuleBasedStateMachine):
    """An issuer that changes its keys and goes down as it likes, and clients that show tokens of any key."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.live = {0}
        self.down = False
        self.door = Door()
        self._publish()
        self.tokens = {number: sign(payload(exp=T + 10**6), ec_key(number), kid=f"k{number}") for number in range(3)}

    def _publish(self) -> None:
        self.door.fetcher.answer = (
            FetchFailed("down")
            if self.down
            else published(
                *(jwk(ec_key(number), kid=f"k{number}") for number in sorted(self.live)), max_age=10 * MINUTE
            )
        )

    def teardown(self) -> None:
        self.runner.run(self.door.key_sets.stop())
        self.runner.close()

    @rule(live=st.sets(st.integers(0, 2)))
    def rotate(self, live: set[int]) -> None:
        self.live = live
        self._publish()

    @rule(down=st.booleans())
    def fail(self, down: bool) -> None:
        self.down = down
        self._publish()

    @rule(micros=st.sampled_from([SECOND, 29 * SECOND, 31 * SECOND, 7 * MINUTE, 9 * MINUTE, 75 * MINUTE]))
    def wait(self, micros: int) -> None:
        self.door.clock.now += micros

    @rule()
    def tick(self) -> None:
        async def turn() -> None:
            self.door.key_sets.tick()
            for _ in range(20):
                await asyncio.sleep(0)

        self.runner.run(turn())

    @rule(number=st.integers(0, 2), times=st.integers(1, 3))
    def show(self, number: int, times: int) -> None:
        before = len(self.door.fetcher.places)
        holder = self.door.key_sets.holder(CORP)
        had = holder.usable(self.door.clock.now)
        for _ in range(times):
            answer = self.runner.run(self.door.ask(self.tokens[number]))
        keys = holder.usable(self.door.clock.now)
        held = set() if keys is None else {key.kid for key in keys.keys}
        if isinstance(answer, Principal):
            assert f"k{number}" in held
        elif answer.kind == "credential_refused":
            assert f"k{number}" not in held
            assert answer.reason == "no_such_key"
        else:
            assert answer.kind == "keys_fault"
            assert f"k{number}" not in held
        assert len(self.door.fetcher.places) - before <= (1 if had is not None else 2)

    @precondition(lambda self: not self.down)
    @rule()
    def refreshed(self) -> None:
        """Past the stated time and one tick, the set is the published one: no removed key verifies, no new one fails."""
        self.door.clock.now += 11 * MINUTE
        self.tick()
        for number in range(3):
            answer = self.runner.run(self.door.ask(self.tokens[number]))
            assert isinstance(answer, Principal) == (number in self.live), number

    @rule(count=st.integers(1, 30))
    def flood(self, count: int) -> None:
        """Any number of unknown ids within one cool-down: at most one fetch beyond the first keys."""
        before = len(self.door.fetcher.places)
        cold = self.door.key_sets.holder(CORP).usable(self.door.clock.now) is None

        async def all_at_once() -> None:
            made = (sign(payload(), ec_key(), kid=f"x{number}") for number in range(count))
            answers = await asyncio.gather(*(self.door.ask(token) for token in made))
            assert all(isinstance(answer, Refusal) for answer in answers)

        self.runner.run(all_at_once())
        self.runner.run(all_at_once())
        self.door.clock.now += DEFAULT_TIMING.cool_down - 1
        self.runner.run(all_at_once())
        assert len(self.door.fetcher.places) - before <= (3 if cold else 2)


TestRotation = Rotation.TestCase
TestRotation.settings = machine(25, 25)


# --- 26 ---------------------------------------------------------------------------------------------------------------

PEOPLE = issuer(name="people", marked=Mark(("gty",), None), lifetime_micros=3600 * SECOND)
ROBOTS = issuer(name="robots", marked=Mark(("gty",), "robot"), leeway_micros=0)
PLANS: dict[str, tuple[Issuer, ...]] = {
    "one": (PEOPLE, ROBOTS),
    "two": (ROBOTS, PEOPLE),
    "three": (replace(PEOPLE, claims=(claim("sub", ("slug",)), claim("tenant", ("slug",)))), ROBOTS),
    "four": (replace(PEOPLE, audience=("https://other.example",)), ROBOTS),
}
TOKENS = [
    sign(payload(**changes), KEYS[kid], ALGORITHM_OF[kid][0], kid=kid)
    for kid in ("ec", "rsa", "ed")
    for changes in (
        {},
        {"exp": T + 60},
        {"gty": "robot", "exp": T + 60},
        {"gty": None},
        {"aud": "https://other.example"},
        {"sub": "Not A Slug", "tenant": "acme"},
        {"tenant": "acme", "nbf": T + 40, "exp": T + 3500},
    )
]


class CachedAndFresh(RuleBasedStateMachine):
    """Two authenticators over the same keys: one remembers, one has just been born."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.door = Door(PLANS["one"], PUBLISHED, cache=TokenCache(max_entries=5))

    def teardown(self) -> None:
        self.runner.run(self.door.key_sets.stop())
        self.runner.close()

    @rule(
        index=st.integers(0, len(TOKENS) - 1),
        plan=st.sampled_from(sorted(PLANS)),
        trust=st.sampled_from([(0,), (1,), (0, 1)]),
        anonymous=st.booleans(),
        times=st.integers(1, 3),
    )
    def show(self, index: int, plan: str, trust: tuple[int, ...], anonymous: bool, times: int) -> None:
        headers = bearer(TOKENS[index])
        now, issuers = self.door.clock.now, PLANS[plan]

        async def asked(authenticator: Authenticator) -> Principal | Refusal:
            step = authenticator.authenticate(headers, trust, anonymous, plan, issuers, now)
            answer: Principal | Refusal = await settle(step)
            return answer

        def ask(authenticator: Authenticator) -> Principal | Refusal:
            return self.runner.run(asked(authenticator))

        for _ in range(times):
            cached = ask(self.door.authenticator)
        fresh = ask(Authenticator(self.door.key_sets, TokenCache(), IDENTITY_KEY))
        assert told(cached) == told(fresh)
        if isinstance(cached, Principal):
            leeway = 0 if cached.issuer is None else issuers[cached.issuer].leeway_micros
            assert now < cached.expires + leeway
            assert cached.plan == plan

    @rule(micros=st.sampled_from([SECOND, 30 * SECOND, 59 * SECOND, 5 * MINUTE, 61 * MINUTE, -45 * SECOND]))
    def wait(self, micros: int) -> None:
        self.door.clock.now += micros

    @rule(kids=st.sets(st.sampled_from(sorted(KEYS))), swapped=st.booleans())
    def rotate(self, kids: set[str], swapped: bool) -> None:
        keys = KEYS | ({"ec": ec_key(9)} if swapped else {})
        self.door.fetcher.answer = published(*(jwk(keys[kid], kid=kid) for kid in sorted(kids)))

    @rule()
    def tick(self) -> None:
        async def turn() -> None:
            self.door.key_sets.tick()
            for _ in range(20):
                await asyncio.sleep(0)

        self.runner.run(turn())

    @rule(plan=st.sampled_from(sorted(PLANS)))
    def reload(self, plan: str) -> None:
        self.door.key_sets.configure(PLANS[plan], {})

    @rule()
    def revoke(self) -> None:
        self.door.authenticator.forget_everything()


def told(answer: Principal | Refusal) -> tuple[Any, ...]:
    """All that later steps see of an answer."""
    if isinstance(answer, Refusal):
        return (answer.kind, answer.reason, answer.headers)
    return (answer.issuer, answer.claims, answer.identity, answer.expires, answer.plan)


TestCachedAndFresh = CachedAndFresh.TestCase
TestCachedAndFresh.settings = machine(40, 30)
