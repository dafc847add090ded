import pytest

from tests.policylang.check.rule_sets import CORP, ORDERS, checked, issuer, route

UPSTREAM = "setting where url\n" + route("items", upstream="setting.where")


def codes(text: str, settings: dict[str, str | int] | None) -> list[str]:
    return [d.code for d in checked(text + CORP + ORDERS, settings).diagnostics]


def test_without_an_environment_every_setting_has_a_placeholder_of_its_type() -> None:
    text = UPSTREAM + "setting who text\n" + issuer("odd", audience="setting.who") + route("more", trust="odd")
    module = checked(text + CORP + ORDERS).module
    assert module is not None
    assert module.routes["items"].upstream == ("https://setting-where.invalid",)
    assert module.issuers["odd"].audience == ("setting-who",)


def test_a_value_takes_the_place_of_its_setting() -> None:
    module = checked(UPSTREAM + CORP + ORDERS, {"where": "http://items:9000"}).module
    assert module is not None
    assert module.routes["items"].upstream == ("http://items:9000",)
    assert module.settings == {"where": "http://items:9000"}


def test_a_missing_value_is_told_at_its_declaration_and_silences_its_uses() -> None:
    (diagnostic,) = checked(UPSTREAM + CORP + ORDERS, {}).diagnostics
    assert diagnostic.code == "R270"
    assert diagnostic.help == ('add to the environment\'s file:  where = "https://…"',)


def test_a_value_for_no_setting_names_the_setting_that_was_meant() -> None:
    diagnostics = checked(UPSTREAM + CORP + ORDERS, {"where": "http://a", "were": "http://b"}).diagnostics
    assert [(d.code, d.help) for d in diagnostics] == [("R271", ("did you mean `where`?",))]


def test_many_values_for_no_setting_are_told_together() -> None:
    environment: dict[str, str | int] = {"where": "http://a", "zzz": 1, "yyy": 2, "were": 3, "wher": 4}
    diagnostics = checked(UPSTREAM + CORP + ORDERS, environment).diagnostics
    assert sorted(d.title for d in diagnostics) == [
        "the environment has a value for `were` and `wher`, which the rules do not declare",
        "the environment has a value for `yyy` and `zzz`, which the rules do not declare",
    ]


def test_a_value_for_no_setting_without_any_setting_is_told_somewhere() -> None:
    diagnostics = checked(CORP + ORDERS, {"other": 1}).diagnostics
    assert [d.code for d in diagnostics] == ["R271"]
    assert diagnostics[0].span.start == 0


@pytest.mark.parametrize(
    ("type_", "value", "code"),
    [
        ("url", 1, "R272"),
        ("url", True, "R272"),
        ("text", 1, "R272"),
        ("int", "1", "R272"),
        ("int", True, "R272"),
        ("url", "items:9000", "R273"),
        ("url", "", "R273"),
        ("text", "", "R273"),
        ("text", "a\nb", "R273"),
    ],
)
def test_a_value_of_another_type(type_: str, value: str | int, code: str) -> None:
    use = {
        "url": route("items", upstream="setting.x"),
        "text": issuer("o", audience="setting.x") + route("i", trust="o"),
    }
    found = codes(f"setting x {type_}\n" + use.get(type_, ""), {"x": value})
    assert found[0] == code
    assert found[1:] == ([] if type_ in use else ["R731"])


def test_a_value_is_never_repeated_in_a_complaint() -> None:
    for value in ("http://user:hunter2@host", "hunter2"):
        (diagnostic,) = checked(UPSTREAM + CORP + ORDERS, {"where": value}).diagnostics
        assert "hunter2" not in repr(diagnostic)


def test_a_url_may_stand_for_a_text_and_not_the_other_way_round() -> None:
    audience = "setting x url\n" + issuer("o", audience="setting.x") + route("i", trust="o")
    assert codes(audience, {"x": "https://api.example.com"}) == []
    assert codes("setting x text\n" + route("i", upstream="setting.x"), {"x": "http://a"}) == ["R274"]


def test_a_setting_with_a_good_value_is_still_held_to_its_place() -> None:
    assert codes(UPSTREAM, {"where": "http://items:9000/api"}) == ["R304"]


def test_an_unknown_setting_points_at_its_name() -> None:
    text = UPSTREAM.replace("upstream setting.where", "upstream setting.wher, setting.where")
    (diagnostic,) = checked(text + CORP + ORDERS).diagnostics
    source = f"language 1\n{text}"
    assert source[diagnostic.span.start : diagnostic.span.end] == "wher"
    assert diagnostic.help == ("did you mean `where`?",)
