import pytest

from policylang.diagnostics.quote import quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("orders", "`orders`"),
        ("", "``"),
        ("日本 é", "`日本 é`"),
        ("a\nb\x1b[0m", "`a\\u{a}b\\u{1b}[0m`"),
        ("\u202e", "`\\u{202e}`"),
        ("x" * 41, "`" + "x" * 40 + "…`"),
    ],
)
def test_quoted_text_is_short_and_printable(text: str, shown: str) -> None:
    assert quoted(text) == shown
    assert quoted(text).isprintable()
