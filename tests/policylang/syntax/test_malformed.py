import pytest

from policylang.syntax.malformed import malformed


@pytest.mark.parametrize(
    ("text", "at", "code", "pointed", "stands_in", "rest"),
    [
        ('"abc', 0, "R117", '"abc', "STRING", ""),
        ('"abc\nallow', 0, "R117", '"abc', "STRING", "\nallow"),
        ('"', 0, "R117", '"', "STRING", ""),
        (r'"a\"', 0, "R117", r'"a\"', "STRING", ""),
        ('"a\\', 0, "R117", '"a\\', "STRING", ""),
        (r'"a\q" b', 0, "R118", r"\q", "STRING", " b"),
        (r'"a\\\q"', 0, "R118", r"\q", "STRING", ""),
        (r'"\u{110g}"', 0, "R118", r"\u{110g}", "STRING", ""),
        (r'"\u12"', 0, "R118", r"\u", "STRING", ""),
        ("'abc' x", 0, "R119", "'abc'", "STRING", " x"),
        ("'abc", 0, "R116", "'", None, "abc"),
        ("// a\nb", 0, "R128", "// a", None, "\nb"),
        ("/* a\n * b */ c", 0, "R128", "/* a\n * b */", None, " c"),
        ("/* a", 0, "R128", "/* a", None, ""),
        ("/a", 0, "R116", "/", None, "a"),
        ("0x1F ", 0, "R120", "0x1F", "NUMBER", " "),
        ("1__0", 0, "R120", "1__0", "NUMBER", ""),
        ("1_", 0, "R120", "1_", "NUMBER", ""),
        ("12.5", 2, "R120", "12.5", None, ""),
        ("5m", 0, "R122", "5m", "DURATION", ""),
        ("30seconds", 0, "R122", "30seconds", "DURATION", ""),
        ("5parsec", 0, "R120", "5parsec", "NUMBER", ""),
        ("2026-03-01T00:00:00+01:00 a", 8, "R124", "2026-03-01T00:00:00+01:00", "NUMBER", " a"),
        ("2026-03-01T00:00:00.5Z", 8, "R124", "2026-03-01T00:00:00.5Z", "NUMBER", ""),
        ("userId", 0, "R121", "userId", "NAME", ""),
        ("userId: text", 0, "R121", "userId", "KEY", " text"),
        ("_x", 0, "R121", "_x", "NAME", ""),
        (".Sub", 0, "R121", ".Sub", "MEMBER", ""),
        ("&& b", 0, "R123", "&&", "AND", " b"),
        ("|| b", 0, "R123", "||", "OR", " b"),
        ("!b", 0, "R123", "!", "NOT", "b"),
        (": text", 0, "R116", ":", None, " text"),
        ("%", 0, "R116", "%", None, ""),
        ("日本 x", 0, "R116", "日本", None, " x"),
    ],
)
def test_what_is_no_word_is_named_for_what_was_meant(
    text: str, at: int, code: str, pointed: str, stands_in: str | None, rest: str
) -> None:
    found = malformed(text, at, 0)
    span = found.complaint.span
    assert (found.complaint.code, text[span.start : span.end]) == (code, pointed)
    assert found.type == stands_in
    assert text[found.end :] == rest


@pytest.mark.parametrize(
    ("word", "better"), [("userId", "user_id"), ("HTTPServer", "httpserver"), ("_private", "private"), ("Ab_C", "ab_c")]
)
def test_a_better_name_is_offered(word: str, better: str) -> None:
    assert [edit.text for edit in malformed(word, 0, 0).complaint.edits] == [better]


def test_no_better_name_is_made_up() -> None:
    assert malformed("___", 0, 0).complaint.edits == ()


@pytest.mark.parametrize("text", ['"' + "\\q" * 50_000, "/*" + "*" * 100_000, "'" * 100_001, "1" * 100_000 + "x"])
def test_reading_is_linear(text: str) -> None:
    found = malformed(text, 0, 0)
    assert found.end > 0
