import pytest

from tests.policylang.syntax.reading import item, told


def route(pattern: str) -> str:
    return f'route r {{ host "{pattern}" }}'


@pytest.mark.parametrize(
    ("pattern", "labels"),
    [
        ("localhost", [("literal", "localhost")]),
        ("api.example.com", [("literal", "api"), ("literal", "example"), ("literal", "com")]),
        ("*.example.com", [("one", ""), ("literal", "example"), ("literal", "com")]),
        ("{tenant: slug}.api", [("capture", "tenant"), ("literal", "api")]),
        ("{t: text(1..9)}.api", [("capture", "t"), ("literal", "api")]),
        ("10.0.0.1", [("literal", "10"), ("literal", "0"), ("literal", "0"), ("literal", "1")]),
        ("xn--bcher-kva.example", [("literal", "xn--bcher-kva"), ("literal", "example")]),
        ("_dmarc.a-b", [("literal", "_dmarc"), ("literal", "a-b")]),
    ],
)
def test_patterns_are_split_into_labels(pattern: str, labels: list[tuple[str, str]]) -> None:
    (found,) = item(route(pattern)).hosts[0]
    assert [(label.kind, label.text) for label in found.labels] == labels
    assert found.text == pattern


@pytest.mark.parametrize(
    ("pattern", "pointed"),
    [
        ("", [""]),
        ("API.example.com", ["API"]),
        ("example.com:443", ["com:443"]),
        ("example.com.", [""]),
        (".example.com", [""]),
        ("a..b", [""]),
        ("-a.b-", ["-a", "b-"]),
        ("bücher.example", ["bücher"]),
        ("a*.example", ["a*"]),
        ("**.example", ["**"]),
        ("x{t: slug}.example", ["x{t: slug}"]),
        ("a b.example", ["a b"]),
        ("a" * 64, ["a" * 64]),
        (r"\u{2a}.example", [r"\u{2a}"]),
    ],
)
def test_what_no_host_can_equal_is_refused(pattern: str, pointed: list[str]) -> None:
    assert told(route(pattern)) == [("R464", text) for text in pointed]


def test_a_host_has_a_longest_length_and_unique_captures() -> None:
    assert [code for code, _ in told(route(".".join(["a" * 50] * 6)))] == ["R464"]
    assert told(route("{a: slug}.{a: slug}")) == [("R463", "{a: slug}")]
