"""An authenticator with everything around it in a test's hands."""

from typing import Any

from gateway.authn.authenticate import Authenticator
from gateway.authn.key_fetch import Fetched, FetchFailed
from gateway.authn.key_sets import KeySets
from gateway.authn.token_cache import TokenCache
from gateway.message.parked import Parked, settle
from gateway.message.principal import Principal
from gateway.message.refusal import Refusal
from policylang.plan.model import Issuer
from tests.strategies.key_sources import HandClock, HandFetcher, published
from tests.strategies.tokens import CORP, NOW, bearer, ec_key, jwk, rsa_key

IDENTITY_KEY = b"identity-key-of-this-test-only.."
PLAN = "plan-1"
PUBLISHED = published(jwk(ec_key(), kid="ec"), jwk(rsa_key(), kid="rsa"))


class Door:
    """One plan's issuers; every route trusts all of them unless told otherwise."""

    def __init__(
        self,
        issuers: tuple[Issuer, ...] = (CORP,),
        answer: Fetched | FetchFailed = PUBLISHED,
        secrets: dict[str, str] | None = None,
        cache: TokenCache | None = None,
    ) -> None:
        self.issuers = issuers
        self.clock = HandClock(NOW)
        self.fetcher = HandFetcher(answer)
        self.key_sets = KeySets(self.fetcher, self.clock)
        self.key_sets.configure(issuers, secrets or {})
        self.cache = cache if cache is not None else TokenCache()
        self.authenticator = Authenticator(self.key_sets, self.cache, IDENTITY_KEY)

    def knock(
        self,
        headers: tuple[tuple[bytes, bytes], ...],
        trust: tuple[int, ...] | None = None,
        anonymous: bool = False,
        plan: str = PLAN,
        issuers: tuple[Issuer, ...] | None = None,
    ) -> Principal | Refusal | Parked[Principal | Refusal]:
        """One request; it may be parked."""
        plan_issuers = issuers or self.issuers
        trusted = tuple(range(len(plan_issuers))) if trust is None else trust
        return self.authenticator.authenticate(headers, trusted, anonymous, plan, plan_issuers, self.clock.now)

    async def ask(self, token: bytes, **how: Any) -> Principal | Refusal:
        """One request with a bearer token, settled."""
        return await settle(self.knock(bearer(token), **how))

    async def admits(self, token: bytes, **how: Any) -> Principal:
        """The principal of a token that must be admitted."""
        answer = await self.ask(token, **how)
        assert isinstance(answer, Principal), answer
        return answer

    async def refuses(self, token: bytes, **how: Any) -> str:
        """Why a token is refused that must be: always 401, always the same challenge, nothing of the token told."""
        answer = await self.ask(token, **how)
        assert isinstance(answer, Refusal), "admitted"
        assert answer.kind == "credential_refused", answer
        assert answer.status == 401
        assert answer.headers == [("WWW-Authenticate", 'Bearer realm="gateway", error="invalid_token"')]
        return answer.reason
