import pytest

from tests.policylang.syntax.reading import covered, item, shape

SUB = ("Ref", "claims", "sub")


@pytest.mark.parametrize(
    ("written", "effect"),
    [("allow", "allow"), ("deny", "deny"), ("shadow allow", "shadow allow"), ("shadow  \t deny", "shadow deny")],
)
def test_effects(written: str, effect: str) -> None:
    assert item(f"{written} a on b always").effect == effect


def test_a_bare_rule_is_for_every_method_always() -> None:
    assert shape(item("allow a on b always")) == (
        "Rule", "allow", ("Name", "a"), ("Scope", "names", (("Name", "b"),)), (), None, None, None, None,
    )  # fmt: skip


def test_every_part_of_a_rule() -> None:
    text = 'deny a on b for GET, PUT when c unless d until 2026-01-01T00:00:00Z answer step_up "mfa"'
    node = item(text)
    assert [method.text for method in node.methods] == ["GET", "PUT"]
    assert (shape(node.when), shape(node.unless)) == (("LetRef", "c"), ("LetRef", "d"))
    assert node.until.text == "2026-01-01T00:00:00Z"
    assert node.step_up.value == "mfa"
    assert covered(text, node) == text
    partial = item("deny a on b always until 2026-01-01T00:00:00Z")
    assert (partial.when, partial.step_up) == (None, None)
    assert partial.until is not None


def test_lets() -> None:
    assert shape(item("let a = (b)")) == ("Let", ("Name", "a"), ("LetRef", "b"))


@pytest.mark.parametrize(
    ("operation", "meaning"),
    [
        ("remove Server", ("RemoveHeader", (("Name", "Server"),))),
        ('remove Server, "x-*"', ("RemoveHeader", (("Name", "Server"), ("Str", "x-*", ())))),
        ('set X-A "v"', ("SetHeader", ("Name", "X-A"), ("Str", "v", ()), None)),
        ('set "x-a" "u-{claims.sub}"', ("SetHeader", ("Str", "x-a", ()), ("Str", "u-", ((2, SUB),)), None)),
        ("set X-A secret.k", ("SetHeader", ("Name", "X-A"), ("SecretRef", "k"), None)),
        ('set X-A claims.sub joined by ","', ("SetHeader", ("Name", "X-A"), ("Joined", SUB, ("Str", ",", ())), None)),
        ('set X-A "v" omit when absent', ("SetHeader", ("Name", "X-A"), ("Str", "v", ()), "absent")),
        ('set X-A "v" omit when empty', ("SetHeader", ("Name", "X-A"), ("Str", "v", ()), "empty")),
    ],
)
@pytest.mark.parametrize("direction", ["request", "response"])
def test_headers(direction: str, operation: str, meaning: object) -> None:
    node = item(f"{direction} headers on all {{ {operation} }}")
    assert shape(node) == ("Headers", direction, ("Scope", "all", ()), (meaning,))


@pytest.mark.parametrize(
    ("body", "field", "meaning"),
    [
        ('audience "a"', "audience", (("Str", "a", ()),)),
        ("audience setting.a", "audience", (("SettingRef", "a"),)),
        ("subject claims.sub", "subject", (SUB,)),
        ("lifetime 60s", "lifetime", (("Duration", 60_000_000, "60s"),)),
        ("header Authorization bearer", "header", (("OutHeader", ("Name", "Authorization"), True),)),
        ('header "x-id"', "header", (("OutHeader", ("Str", "x-id", ()), False),)),
        ("claims { a: claims.sub }", "claims", ((("Minted", ("Name", "a"), SUB),),)),
    ],
)
def test_identity_tokens(body: str, field: str, meaning: object) -> None:
    node = item(f"identity token t on all {{ {body} }}")
    assert node.name.text == "t"
    assert shape(getattr(node, field)) == meaning
