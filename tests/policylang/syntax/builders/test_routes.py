import pytest

from policylang.syntax import nodes
from tests.policylang.syntax.reading import covered, item, shape

FIELDS = ("matches", "hosts", "trust", "upstream", "tags", "timeouts", "strip_prefix", "add_prefix", "preserve_host")


@pytest.mark.parametrize(
    ("body", "field", "meaning"),
    [
        ("trust a, anonymous", "trust", ((("Name", "a"), ("Name", "anonymous")),)),
        ('upstream "a", setting.b', "upstream", ((("Str", "a", ()), ("SettingRef", "b")),)),
        ("tags a, b", "tags", ((("Name", "a"), ("Name", "b")),)),
        ("timeout connect 2s", "timeouts", (("Timeout", "connect", ("Duration", 2_000_000, "2s")),)),
        (
            "timeout answer 2s timeout idle 2s",
            "timeouts",
            (("Timeout", "answer", ("Duration", 2_000_000, "2s")), ("Timeout", "idle", ("Duration", 2_000_000, "2s"))),
        ),
        ('strip prefix "/v1"', "strip_prefix", (("Str", "/v1", ()),)),
        ('add prefix "/api"', "add_prefix", (("Str", "/api", ()),)),
        ("preserve host", "preserve_host", (("Node",),)),
        ("trust a trust b", "trust", ((("Name", "a"),), (("Name", "b"),))),
    ],
)
def test_fields_are_kept_even_twice(body: str, field: str, meaning: object) -> None:
    node = item(f"route r {{ {body} }}")
    assert shape(getattr(node, field)) == meaning
    assert all(getattr(node, other) == () for other in FIELDS if other != field)


def test_several_matches_methods_patterns_and_hosts() -> None:
    node = item('route r { match GET, PUT on "/a", "/b" match POST on "/c" host "x.y", "z" host "w" }')
    assert [[name.text for name in match.methods] for match in node.matches] == [["GET", "PUT"], ["POST"]]
    assert [[pattern.text for pattern in match.patterns] for match in node.matches] == [["/a", "/b"], ["/c"]]
    assert [[host.text for host in hosts] for hosts in node.hosts] == [["x.y", "z"], ["w"]]


@pytest.mark.parametrize(
    ("scope", "meaning"),
    [
        ("all", ("Scope", "all", ())),
        ("a", ("Scope", "names", (("Name", "a"),))),
        ("a, b", ("Scope", "names", (("Name", "a"), ("Name", "b")))),
        ("routes tagged t", ("Scope", "tagged", (("Name", "t"),))),
        ("routes with path.x", ("Scope", "capture", (("Name", "x"),))),
        ("routes trusting i", ("Scope", "trusting", (("Name", "i"),))),
        ("routes trusting anonymous", ("Scope", "trusting", (("Name", "anonymous"),))),
    ],
)
def test_scopes(scope: str, meaning: object) -> None:
    text = f"deny d on {scope} always"
    node = item(text)
    assert isinstance(node, nodes.Rule)
    assert shape(node.scope) == meaning
    assert covered(text, node.scope) == scope
