"""R21: what is compared as an address or a domain was parsed as one; no suffix, no case, no invisible character helps."""

import pytest

from tests.strategies.door import Door
from tests.strategies.tokens import claim, ec_key, issuer, payload, sign

STAFF = issuer(claims=(claim("email", ("email",)), claim("sub", ("text", 1, 128))))


@pytest.mark.parametrize("email", ["ann@corp.test", "ann+x@corp.test", "o'hara@sub.corp.test"])
async def test_addresses(email: str) -> None:
    found = await Door((STAFF,)).admits(sign(payload(email=email), ec_key(), kid="ec"))
    assert found.claims[0] == email


@pytest.mark.parametrize(
    "email",
    [
        "ann@evil.test@corp.test",
        "ann@evil.test, bob@corp.test",
        "ann@evil.test\n@corp.test",
        '"ann@evil.test"@corp.test',
        "ann@evil.test\x00.corp.test",
        "ann@corp.test\n",
        " ann@corp.test",
        "ann@corp.test.",
        "ann@.corp.test",
        "@corp.test",
        "ann@corp.te\u0455t",
        "ann@\uff43orp.test",
        "ann@corp.test\u200b",
        "ann(evil)@corp.test",
        "<ann@corp.test>",
        "ann@[10.0.0.1]",
    ],
)
async def test_what_resembles_an_address_is_refused(email: str) -> None:
    assert await Door((STAFF,)).refuses(sign(payload(email=email), ec_key(), kid="ec")) == "claim_invalid: email"
