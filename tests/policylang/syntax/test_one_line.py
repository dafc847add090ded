import pytest

from policylang.syntax.one_line import one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("a\n\t  and  b", "a and b"),
        ("a # why\n# and why not\nand b # end", "a and b"),
        ('x == "a  b" # "no"', 'x == "a  b"'),
        ('x == "a # b"  and y', 'x == "a # b" and y'),
        (r'x == "say \"#\"  so"   and y', r'x == "say \"#\"  so" and y'),
    ],
)
def test_strings_stay_and_comments_go(text: str, shown: str) -> None:
    assert one_line(text) == shown
