import pytest

from policylang.check.model import Credential, KeySource
from policylang.check.rows import examples
from tests.policylang.check.rule_sets import CORP, ORDERS, checked, issuer, only, route, sound, told

PARTNERS = "keyring partners { identity by claims.account claims { account: text(1..64) tenant: slug } }\n"
FEEDS = PARTNERS + route("feeds", trust="partners")


def test_a_keyring_that_says_who_its_callers_are_is_an_opaque_issuer() -> None:
    made = sound(FEEDS).issuers["partners"]
    assert made.opaque
    assert (made.iss, made.keys, made.algorithms, made.audience) == ("", KeySource("keyring", "partners"), (), ())
    assert (made.leeway_micros, made.lifetime_micros, made.marked) == (0, None, None)
    assert (made.identity, made.credential) == ("account", Credential("authorization", ""))
    assert [claim.name for claim in made.claims] == ["account", "tenant"]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("header X-Api-Key", Credential("header", "x-api-key")),
        ('cookie "key"', Credential("cookie", "key")),
    ],
)
def test_keys_travel_where_the_keyring_says(written: str, place: Credential) -> None:
    text = FEEDS.replace("identity by", f"credential {written} identity by")
    assert sound(text).issuers["partners"].credential == place


@pytest.mark.parametrize(
    ("block", "codes"),
    [
        ("credential header Host identity by claims.account claims { account: slug }", ["R431"]),
        ("identity by claims.account", ["R427"]),
        ("identity by claims.acount claims { account: slug }", ["R427"]),
        ("identity by metadata.account claims { account: slug }", ["R428"]),
        ("identity by claims.account claims { account: slug optional }", ["R428"]),
        ("identity by claims.account claims { account: set of slug }", ["R428"]),
        ("identity by claims.account identity by claims.account claims { account: slug }", ["R255"]),
        ("identity by claims.account claims { account: slug } claims { b: slug }", ["R255"]),
        ("identity by claims.account claims { account: slug  account: slug }", ["R250"]),
        ("identity by claims.account claims { account: slug  exp: time }", ["R435"]),
        ('identity by claims.account claims { account: slug from "aud" }', ["R435"]),
        ("identity by claims.jti claims { jti: text }", ["R435"]),
        ('identity by claims.sub claims { sub: text  ends: time from ["a", "exp"] }', []),
    ],
)
def test_what_a_keyring_says(block: str, codes: list[str]) -> None:
    assert told(f"keyring partners {{ {block} }}\n" + route("feeds", trust="partners")) == codes


def test_a_wrong_identity_names_the_keyring() -> None:
    text = FEEDS.replace("by claims.account", "by claims.acount")
    diagnostic = only(text)
    assert diagnostic.title == "the identity is `claims.acount`, which this keyring does not declare"
    assert diagnostic.help == ("did you mean `account`?",)


def test_a_keyring_without_callers_has_nothing_to_say() -> None:
    mobile = issuer("mobile", keys="keyring app_keys") + route("feeds", trust="mobile")
    assert told("keyring app_keys { }\n" + mobile) == []
    assert told("keyring app_keys { claims { a: slug } }\n" + mobile) == ["R434"]
    assert told("keyring app_keys { credential header X-Key }\n" + mobile) == ["R434"]
    assert only("keyring app_keys { credential header X-Key }\n" + mobile).title.startswith(
        "keyring `app_keys` has a cred"
    )
    module = sound("keyring app_keys { }\n" + mobile)
    assert "app_keys" not in module.issuers
    assert module.issuers["mobile"].keys == KeySource("keyring", "app_keys")
    assert not module.issuers["mobile"].opaque


def test_a_keyring_may_be_trusted_and_verify_tokens_too() -> None:
    text = FEEDS + issuer("mobile", keys="keyring partners") + route("mob", trust="mobile, partners")
    assert told(text) == []


def test_only_keyrings_that_say_who_calls_can_be_trusted() -> None:
    diagnostic = only("keyring partners { }\n" + route("feeds", trust="partners"))
    assert diagnostic.code == "R432"
    assert "identity by" in diagnostic.help[0]
    assert told("keyring partners { }\n" + route("feeds", trust="corp, partners")) == ["R432"]


def test_two_keyrings_of_a_route_need_two_places() -> None:
    robots = PARTNERS.replace("partners", "robots")
    assert told(PARTNERS + robots + route("feeds", trust="partners, robots")) == ["R433"]
    apart = robots.replace("identity", "credential header X-Robot identity")
    assert told(PARTNERS + apart + route("feeds", trust="partners, robots")) == []
    assert told(PARTNERS + robots + route("feeds", trust="partners") + route("bots", trust="robots")) == []
    three = (
        PARTNERS + robots + PARTNERS.replace("partners", "agents") + route("feeds", trust="partners, robots, agents")
    )
    assert told(three) == ["R433", "R433"]


def test_a_keyring_and_tokens_share_a_place() -> None:
    assert told(PARTNERS + route("feeds", trust="partners, corp, anonymous")) == []


def test_a_misspelt_keyring_is_guessed() -> None:
    diagnostic = only("keyring app_keys { }\n" + issuer("mobile", keys="keyring app_key") + route("m", trust="mobile"))
    assert (diagnostic.code, diagnostic.title) == ("R252", "there is no keyring `app_key`")
    assert diagnostic.help == ("did you mean `app_keys`?",)
    assert told(issuer("mobile", keys="keyring corp") + route("m", trust="mobile")) == ["R252"]
    assert only(PARTNERS + route("feeds", trust="partner")).help == ("did you mean `partners`?",)


@pytest.mark.parametrize("algorithms", ["HS256", "HS512, ES256", "RS256, PS384", "EdDSA", "Ed25519, ES512, ES384"])
def test_a_key_of_a_keyring_verifies_any_algorithm(algorithms: str) -> None:
    text = (
        "keyring app_keys { }\n" + issuer("m", keys="keyring app_keys", algorithms=algorithms) + route("m", trust="m")
    )
    assert told(text) == []
    assert told(text.replace(algorithms, "none".upper())) == ["R422"]


def test_issuers_and_keyrings_share_their_names() -> None:
    result = checked(CORP + ORDERS + "keyring corp { }\n")
    assert [(d.code, d.title) for d in result.diagnostics] == [("R250", "the keyring `corp` is declared twice")]
    (other,) = [d for d in checked("keyring corp { }\n" + CORP + ORDERS).diagnostics if d.code == "R250"]
    assert other.title == "the issuer `corp` is declared twice"


def test_an_unused_keyring_is_a_warning() -> None:
    result = checked(PARTNERS + CORP + ORDERS)
    assert [(d.code, d.severity) for d in result.diagnostics] == [("R735", "warning")]
    assert told("keyring app_keys { }\n") == ["R735"]
    assert told(PARTNERS + route("feeds", trust="corpp")) == ["R252"]
    assert told("keyring a { }\n" + issuer("m", keys="keyring b") + route("m", trust="m")) == ["R252"]


def test_a_keyring_acts_as_an_issuer() -> None:
    rules = (
        FEEDS.replace("trust partners", "trust partners, corp")
        + 'deny odd on feeds when issuer is partners and claims.account == "x"\n'
        "deny risky on routes trusting partners when issuer is corp and claims.risk present and claims.risk > 50\n"
        'deny other on feeds when claims.tenant != "acme"\n'
    )
    assert told(rules) == []
    assert told(rules + 'deny bare on feeds when claims.account == "x"\n') == ["R204"]
    assert told(rules + 'deny bare on feeds when issuer is corp and claims.account == "x"\n') == ["R202"]
    assert told(PARTNERS + route("feeds", trust="corp") + "deny a on routes trusting partners always\n") == [
        "R735",
        "R282",
    ]
    assert told("keyring app_keys { }\ndeny a on routes trusting app_keys always\n") == ["R735", "R282"]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ('account: "a"  tenant: "acme"', []),
        ("account: absent", []),
        ('account: raw "1"', []),
        ("account: 1", ["R741"]),
        ('acount: "a"', ["R740"]),
        ('sub: "a"', ["R740"]),
        ('account: "a"  exp: 5min ago', ["R761"]),
        ("exp: in 5min  iat: 5min ago", ["R761", "R761"]),
        ('iss: "x"  aud: "y"', ["R761", "R761"]),
    ],
)
def test_facts_of_an_access_key(facts: str, codes: list[str]) -> None:
    test = f'test "t" {{ token partners {{ {facts} }}  request GET "/feeds"  expect deny 401 }}\n'
    assert told(FEEDS + test) == codes


def test_a_test_may_expect_a_keyring() -> None:
    test = 'test "t" { token partners { account: "a"  tenant: "a" }  request GET "/feeds"  expect allow issuer partners }\n'
    assert told(FEEDS + test) == []
    assert told(FEEDS + test.replace("issuer partners", "issuer partner")) == ["R252"]
    assert told("keyring app_keys { }\n" + FEEDS + test.replace("issuer partners", "issuer app_keys")) == [
        "R735",
        "R252",
    ]


def test_a_changed_key_is_still_its_keyrings() -> None:
    test = """test "t" {
  token partners { account: "a" } request GET "/feeds" expect allow
  token with { exp: in 1min } repeat 1 expect allow
}"""
    assert told(FEEDS + test) == ["R761"]
    module = sound(FEEDS + test.replace("exp: in 1min", 'tenant: "x"'))
    assert len(list(examples(module.tests[0], module.givens, lambda _: None))) == 1
