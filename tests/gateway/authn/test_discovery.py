from typing import Any

import pytest

from gateway.authn.discovery import PlaceRefused, is_loopback, key_set_url, metadata_urls, parse_url

ISS = "https://id.example"


@pytest.mark.parametrize(
    ("issuer", "openid", "oauth"),
    [
        (ISS, f"{ISS}/.well-known/openid-configuration", f"{ISS}/.well-known/oauth-authorization-server"),
        (f"{ISS}/", f"{ISS}/.well-known/openid-configuration", f"{ISS}/.well-known/oauth-authorization-server"),
        (
            f"{ISS}/a/b",
            f"{ISS}/a/b/.well-known/openid-configuration",
            f"{ISS}/.well-known/oauth-authorization-server/a/b",
        ),
        (f"{ISS}/a/", f"{ISS}/a/.well-known/openid-configuration", f"{ISS}/.well-known/oauth-authorization-server/a"),
        (
            f"{ISS}/a%2Fb",
            f"{ISS}/a%2Fb/.well-known/openid-configuration",
            f"{ISS}/.well-known/oauth-authorization-server/a%2Fb",
        ),
        (
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/.well-known/openid-configuration",
            "http://127.0.0.1:8080/.well-known/oauth-authorization-server",
        ),
    ],
)
def test_where_the_documents_stand(issuer: str, openid: str, oauth: str) -> None:
    assert metadata_urls(issuer) == (openid, oauth)


@pytest.mark.parametrize("issuer", [f"{ISS}?a=b", f"{ISS}/?", f"{ISS}#x", "id.example", "http://id.example", ""])
def test_issuers_that_name_no_document(issuer: str) -> None:
    with pytest.raises(PlaceRefused, match="url_refused"):
        metadata_urls(issuer)


@pytest.mark.parametrize(
    "url",
    [
        "https://h",
        "https://h:8443/x?y=z",
        "http://localhost:1/",
        "http://127.0.0.1/",
        "http://[::1]:80/",
        "https://10.0.0.1/",
    ],
)
def test_urls(url: str) -> None:
    assert str(parse_url(url)).startswith(url[:8])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "/jwks",
        "ftp://h/",
        "file:///etc/passwd",
        "http://h/",
        "http://localhost.evil.example/",
        "http://127.0.0.1.nip.io/",
        "https://user@h/",
        "https://user:pw@h/",
        "https://:pw@h/",
        "https:///x",
        "https://h/#f",
        "https://h/#",
        "https://h:99999/",
        "https://h/a b",
        "https://h/\n",
        "https://hа/",
        "javascript:alert(1)",
        "//h/x",
        "https://h:0/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://a.0x7f./",
        "https://1.2.3.4./",
        "https://0177.0.0.1/",
        "HTTPS",
    ],
)
def test_urls_that_are_not_fetched(url: str) -> None:
    with pytest.raises(PlaceRefused, match="url_refused"):
        parse_url(url)


def document(**members: Any) -> dict[str, Any]:
    return {"issuer": ISS, "jwks_uri": f"{ISS}/jwks"} | members


def test_the_document_names_the_key_set() -> None:
    assert key_set_url(document(more=1), ISS) == f"{ISS}/jwks"
    assert key_set_url(document(jwks_uri="https://keys.example/set"), ISS) == "https://keys.example/set"


@pytest.mark.parametrize("issuer", [None, "", ISS + "/", ISS.upper(), "https://evil.example", [ISS]])
def test_a_document_of_another_issuer(issuer: object) -> None:
    with pytest.raises(PlaceRefused, match="issuer_mismatch"):
        key_set_url(document(issuer=issuer), ISS)
    with pytest.raises(PlaceRefused, match="issuer_mismatch"):
        key_set_url({"jwks_uri": f"{ISS}/jwks"}, ISS)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (None, "jwks_uri_missing"),
        (7, "jwks_uri_missing"),
        ("http://id.example/jwks", "url_refused"),
        ("/jwks", "url_refused"),
        ("https://127.0.0.1/jwks", "address_refused"),
        ("https://localhost/jwks", "address_refused"),
        ("http://[::1]/jwks", "address_refused"),
    ],
)
def test_addresses_that_a_document_cannot_send_us_to(address: object, reason: str) -> None:
    with pytest.raises(PlaceRefused, match=reason):
        key_set_url(document(jwks_uri=address), ISS)


def test_an_issuer_on_this_machine_may_name_this_machine() -> None:
    local = "http://127.0.0.1:9000"
    assert key_set_url({"issuer": local, "jwks_uri": f"{local}/jwks"}, local) == f"{local}/jwks"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost.", False),
        ("a.localhost", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("", False),
        ("::ffff:127.0.0.1", False),
        ("2130706433", False),
    ],
)
def test_what_this_machine_is_called(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
