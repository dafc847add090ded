import pytest

from gateway.authn.challenge import Challenge


def test_an_error_is_stated_only_for_a_token_that_was_sent() -> None:
    challenge = Challenge("api of acme")
    assert challenge.missing() == [("WWW-Authenticate", 'Bearer realm="api of acme"')]
    assert challenge.invalid() == [("WWW-Authenticate", 'Bearer realm="api of acme", error="invalid_token"')]


def test_each_refusal_has_its_own_list() -> None:
    challenge = Challenge("")
    challenge.missing().append(("X", "y"))
    assert challenge.missing() == [("WWW-Authenticate", 'Bearer realm=""')]


@pytest.mark.parametrize("realm", ['"', "\\", "a\r\nb", "\x00", "\u00e9", "\t", "\x7f"])
def test_a_realm_cannot_end_its_quotes(realm: str) -> None:
    with pytest.raises(ValueError, match="realm"):
        Challenge(realm)
