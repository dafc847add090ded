import pytest

from policylang.check.model import Joined, Ref, SecretValue, SetHeader, Template
from tests.policylang.check.rule_sets import HEALTH, route, sound, told

ROLES = "metadata { fresh within 30s  roles: set of slug default [] }\n"


def block(operations: str, direction: str = "request", scope: str = "orders") -> str:
    return f"{direction} headers on {scope} {{ {operations} }}\n"


def made(operations: str) -> SetHeader:
    (header,) = sound("secret k\n" + ROLES + block(operations)).set_headers
    return header


def words(template: object) -> list[str]:
    assert isinstance(template, Template)
    return [f"<{part.root}.{part.name}>" if isinstance(part, Ref) else part for part in template.parts]


@pytest.mark.parametrize(
    ("literal", "parts"),
    [
        ("plain", ["plain"]),
        ("", []),
        ("{claims.sub}", ["<claims.sub>"]),
        ("a{claims.sub}b", ["a", "<claims.sub>", "b"]),
        ("{claims.sub}{path.tenant}", ["<claims.sub>", "<path.tenant>"]),
        ("{claims.sub} {path.tenant} ", None),
        ("\\{{claims.sub}\\}", ["{", "<claims.sub>", "}"]),
    ],
)
def test_templates_keep_text_and_references_in_order(literal: str, parts: list[str] | None) -> None:
    if parts is None:
        assert told(block(f'set X-A "{literal}"')) == ["R607"]
    else:
        assert words(made(f'set X-A "{literal}"').value) == parts


def test_values_of_other_kinds() -> None:
    assert made("set X-A secret.k").value == SecretValue("k")
    joined = made('set X-A metadata.roles joined by ", " omit when empty')
    assert isinstance(joined.value, Joined)
    assert (joined.value.ref.name, joined.value.separator, joined.omit) == ("roles", ", ", "empty")


def test_the_name_stays_as_written() -> None:
    assert made('set "x_A-b" "c"').name == "x_A-b"


@pytest.mark.parametrize(
    ("operations", "codes"),
    [
        ('set X-A "é"', ["R607"]),
        ('set X-A "a\\tb"', ["R607"]),
        ('set X-A "a\\nb"', ["R607"]),
        ('set X-A " a"', ["R607"]),
        ('set X-A "a "', ["R607"]),
        ('set X-A " {claims.sub}"', ["R607"]),
        ('set X-A "{claims.sub} {claims.tenant}"', []),
        ('set X-A "{claims.risk}"', ["R204"]),
        ('set X-A "{claims.risk}" omit when absent', []),
        ('set X-A "{claims.risk}" omit when empty', ["R204"]),
        ('set X-A "{claims.sub}" omit when absent', ["R604"]),
        ('set X-A "{claims.sub}" omit when empty', []),
        ('set X-A "a" omit when empty', ["R605"]),
        ('set X-A "a" omit when absent', ["R605"]),
        ('set X-A "{claims.scope}"', ["R230"]),
        ('set X-A "{claims.nothing}" omit when absent', ["R201"]),
        ('set X-A "{claims.nothing}" set X-A "b"', ["R201", "R602"]),
        ('set X-A claims.scope joined by ","', []),
        ('set X-A claims.scope joined by ";;"', ["R606"]),
        ('set X-A claims.scope joined by ""', ["R606"]),
        ('set X-A claims.scope joined by "é"', ["R606"]),
        ('set X-A claims.scope joined by "{claims.sub}"', ["R257"]),
        ('set X-A claims.scope joined by "," omit when absent', ["R604"]),
        ('set X-A claims.sub joined by ","', ["R230"]),
        ("set X-A secret.k", ["R252"]),
        ('set Host "a"', ["R600"]),
        ('set Cookie "a"', ["R600"]),
        ('set Authorization "Basic a"', []),
        ("remove Host", ["R601"]),
        ("remove Cookie, Authorization", []),
        ('remove "X*"', ["R603"]),
        ('remove "X-*"', []),
        ('remove "Ho*"', []),
        ("remove X-A, X-B, X-A", ["R254"]),
        ('remove X-A, "x-a"', ["R254"]),
        ('remove "X-*"  set X-A "a"', []),
    ],
)
def test_operations(operations: str, codes: list[str]) -> None:
    assert told(block(operations)) == codes


def test_a_secret_is_for_the_upstream_only() -> None:
    assert told("secret k\n" + block("set X-A secret.k", "response")) == ["R608"]
    assert told("secret k\n" + block("set X-A secret.k omit when empty")) == ["R605"]


def test_removals_are_kept_in_lower_case_and_sorted() -> None:
    removals = sound(block('remove X-B, "X-A-*"') + block("remove Server", "response", "all")).remove_headers
    assert [(r.direction, r.name, r.prefix) for r in removals] == [
        ("request", "x-a-", True),
        ("request", "x-b", False),
        ("response", "server", False),
    ]


def test_a_header_on_a_route_with_anonymous_callers_may_have_no_value() -> None:
    shop = route("shop", trust="corp, anonymous")
    assert told(shop + block('set X-User "{claims.sub}"', scope="shop")) == ["R204"]
    assert told(shop + block('set X-User "{claims.sub}" omit when absent', scope="shop")) == []
    assert told(HEALTH + block('set X-User "{claims.sub}" omit when absent', scope="health")) == ["R205"]


def test_sets_are_sorted_whatever_their_order() -> None:
    one = sound(block('set X-B "b"') + block('set X-A "a"', "response")).set_headers
    other = sound(block('set X-A "a"', "response") + block('set X-B "b"')).set_headers
    assert [h.name for h in one] == [h.name for h in other] == ["X-B", "X-A"]
