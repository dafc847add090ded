import pytest

from policylang.check.model import Credential
from tests.policylang.check.rule_sets import issuer, only, route, sound, told


def odd(fields: str = "", claims: str = "sub: text(1..128)", **given: str) -> str:
    return issuer("odd", fields, claims, **given) + route("odd", trust="odd")


def test_an_issuer_has_the_usual_values_where_it_says_nothing() -> None:
    made = sound(odd()).issuers["odd"]
    assert (made.leeway_micros, made.lifetime_micros, made.marked) == (0, None, None)
    assert made.credential == Credential("authorization", "")
    assert made.identity == "sub"


def test_what_an_issuer_says_arrives() -> None:
    made = sound(odd('leeway 30s lifetime at most 1h marked ["a", "b"] is "c" credential cookie "__Host-id"')).issuers[
        "odd"
    ]
    assert (made.leeway_micros, made.lifetime_micros) == (30_000_000, 3_600_000_000)
    assert made.marked == (("a", "b"), "c")
    assert made.credential == Credential("cookie", "__Host-id")


def test_a_header_that_carries_tokens_is_kept_in_lower_case() -> None:
    made = sound(odd("credential header X-Access-Token")).issuers["odd"]
    assert made.credential == Credential("header", "x-access-token")


def test_audiences_are_sorted_and_distinct() -> None:
    assert sound(odd(audience='"b", "a"')).issuers["odd"].audience == ("a", "b")
    assert told(odd(audience='"b", "b"')) == ["R254"]
    assert told(odd(audience='""')) == ["R260"]


@pytest.mark.parametrize("field", ["iss", "keys", "algorithms", "audience", "identity"])
def test_every_field_but_these_may_be_left_out(field: str) -> None:
    given = {field: ""}
    diagnostic = only(odd(**given))
    assert (diagnostic.code, diagnostic.title) == ("R256", f"issuer `odd` has no `{field}`")


@pytest.mark.parametrize(
    "field",
    [
        'iss "https://x.example"', 'keys "https://x.example"', "algorithms ES256", 'audience "x"', "leeway 1s",
        "lifetime at most 1h", 'marked "a" absent', "identity by claims.sub", "credential header X-A",
    ],
)  # fmt: skip
def test_no_field_may_be_there_twice(field: str) -> None:
    doubled = told(odd(f"{field} {field}"))
    assert set(doubled) == {"R255"}


def test_the_claims_of_a_second_block_are_known_all_the_same() -> None:
    assert told(odd("claims { x: slug }")) == ["R255"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("leeway 5min", None),
        ("leeway 301s", "R258"),
        ("lifetime at most 366d", None),
        ("lifetime at most 367d", "R258"),
        ("lifetime at most 999ms", "R258"),
        ('marked ["a", ""] is "x"', "R430"),
        ('marked "a" is "{claims.sub}"', "R257"),
        ("credential header Cookie", "R431"),
        ("credential header Authorization", "R431"),
        ("credential header X-Forwarded-User", "R431"),
        ('credential header "x_forwarded_user"', "R431"),
        ("credential header Proxy-Authorization", "R431"),
    ],
)
def test_fields(fields: str, code: str | None) -> None:
    assert told(odd(fields)) == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("claims", "identity", "code"),
    [
        ("sub: text optional", "claims.sub", "R428"),
        ('sub: text default "x"', "claims.sub", "R428"),
        ('sub: text always "x"', "claims.sub", "R428"),
        ("sub: set of text", "claims.sub", "R428"),
        ("sub: text", "metadata.sub", "R428"),
        ("sub: text", "path.sub", "R428"),
        ("sub: text", "claims.subject", "R427"),
        ("sub: int 0..9", "claims.sub", None),
    ],
)
def test_an_identity_is_one_value_that_every_token_has(claims: str, identity: str, code: str | None) -> None:
    assert told(odd(claims=claims, identity=f"by {identity}")) == ([] if code is None else [code])


def test_an_issuer_without_claims_has_no_identity_to_find() -> None:
    text = (
        'issuer odd { iss "https://o.example" keys discovered algorithms ES256 audience "a" identity by claims.sub }\n'
    )
    assert told(text + route("odd", trust="odd")) == ["R427"]


def test_the_claims_of_a_broken_issuer_are_known_all_the_same() -> None:
    text = odd(algorithms="None", claims="sub: text  level: int 0..9")
    assert told(text + "deny high on odd when claims.level == 3\n") == ["R422"]
    assert told(text + 'deny high on odd when claims.level == "high"\n') == ["R422", "R219"]
