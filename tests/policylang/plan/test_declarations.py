import pytest

from policylang.check import model as checked
from policylang.plan import declarations as declared
from policylang.plan import model
from policylang.typesys import terms
from tests.strategies.modules import DAY, SECOND, at, claims, everything

MODULE = everything()


@pytest.mark.parametrize(
    ("term", "expr"),
    [
        (terms.Text(0, 9), ("text", 0, 9)),
        (terms.Slug(), ("slug",)),
        (terms.Email(), ("email",)),
        (terms.Enum(("b", "a", "b")), ("enum", "a", "b")),
        (terms.Int(-1, 1), ("int", -1, 1)),
        (terms.Bool(), ("bool",)),
        (terms.Time(), ("time",)),
        (terms.Cidr(), ("cidr",)),
        (terms.SetOf(terms.Cidr()), ("set", ("cidr",))),
    ],
)
def test_types(term: terms.Type, expr: tuple[object, ...]) -> None:
    assert declared.type_term(term) == expr


def test_constants_are_wrapped_and_sets_sorted() -> None:
    assert declared.constant(None) is None
    assert declared.constant(False) == (False,)
    assert declared.constant("") == ("",)
    assert declared.constant(frozenset({"b", "a"})) == (("a", "b"),)
    assert declared.constant(frozenset()) == ((),)


def test_claims_are_sorted_by_name() -> None:
    assert [c.name for c in declared.claims(MODULE.issuers["corp"].claims)] == sorted(
        c.name for c in MODULE.issuers["corp"].claims
    )


def test_issuers_have_sorted_sets() -> None:
    corp = declared.issuer(MODULE.issuers["corp"], 7)
    assert (corp.algorithms, corp.audience, corp.at) == (("ES256", "RS256"), ("a", "b"), 7)
    assert corp.marked == model.Mark(("gty",), "user")
    assert declared.issuer(MODULE.issuers["partner"], 0).marked == model.Mark(("typ", "x"), None)
    assert declared.issuer(MODULE.issuers["partner"], 0).credential == model.Credential("header", "x-api-key")


@pytest.mark.parametrize(
    ("given", "quota"),
    [
        (checked.Quota(9, "day", None), model.Quota(9, "day", 0, "UTC")),
        (checked.Quota(9, "week", "Europe/Berlin"), model.Quota(9, "week", 0, "Europe/Berlin")),
        (checked.Quota(9, 30 * DAY, None), model.Quota(9, "anchored", 30 * DAY, "UTC")),
        (checked.Quota(None, None, None), model.Quota(None, None, 0, "UTC")),
    ],
)
def test_quotas(given: checked.Quota, quota: model.Quota) -> None:
    assert declared.quota(given) == quota


def test_policies() -> None:
    gold = declared.policy(MODULE.policies["gold"], 3)
    assert gold == model.Policy(
        "gold", model.Rate(100, SECOND, 200), model.Quota(5, "month", 0, "Europe/Berlin"), ("bulk",), 3
    )
    assert declared.policy(MODULE.policies["none"], 3).rate is None


def test_patterns_of_one_path_are_one_pattern() -> None:
    a, b = checked.Segment("literal", "a"), checked.Segment("literal", "b")
    made = declared.patterns(
        (
            checked.Pattern(("PUT",), (b,), at(0)),
            checked.Pattern(("POST", "GET"), (a,), at(1)),
            checked.Pattern(("GET", "DELETE"), (a,), at(2)),
        )
    )
    assert [(p.methods, p.segments[0].text) for p in made] == [(("DELETE", "GET", "POST"), "a"), (("PUT",), "b")]


def test_hosts_are_sorted_each_once() -> None:
    label = checked.Segment("literal", "test")
    hosts = tuple(checked.Host((checked.Segment("literal", name), label), at(n)) for n, name in enumerate("bab"))
    assert [host[0].text for host in declared.hosts(hosts)] == ["a", "b"]


def test_headers_tokens_and_limits() -> None:
    headers = {header.name: header for header in MODULE.set_headers}
    user = declared.set_header(headers["X-User"], "request", 1)
    assert user.parts == (("lit", "text", "u:"), ("claim", "sub"), ("lit", "text", "/"), ("path", "tenant"))
    assert (user.joined, user.secret, user.separator, user.binding) == (None, None, "", "request")
    roles = declared.set_header(headers["X-Roles"], "identity", 1)
    assert (roles.parts, roles.joined, roles.separator, roles.omit) == ((), ("meta", "roles"), ",", "empty")
    assert declared.set_header(headers["X-Key"], "const", 1).secret == "hush"

    token = declared.token(MODULE.identity_tokens[0], "identity", 2)
    assert token.claims == (
        model.MintedClaim("roles", ("meta", "roles")),
        model.MintedClaim("tenant", ("claim", "tenant")),
    )

    share, total, own, slots = (declared.limit(limit, 0) for limit in MODULE.limits)
    assert (share.by, share.key, share.quota) == ("ref", ("claim", "tenant"), None)
    assert (total.by, total.key, total.rate) == ("route", None, None)
    assert own.by == "identity"
    assert own.quota == model.Quota(9, "week", 0, "UTC", 4)
    assert (slots.rate, slots.quota, slots.concurrency) == (None, None, model.Concurrency(2, 30 * SECOND))
    assert declared.policy(MODULE.policies["none"], 0).concurrency == model.Concurrency(4, 60 * SECOND)
    assert declared.policy(MODULE.policies["free"], 0).concurrency is None
    assert declared.limit(MODULE.limits[0], 0).rate == model.Rate(600, 60 * SECOND, 100)
    assert claims("tenant", terms.Slug()) == MODULE.limits[0].key
