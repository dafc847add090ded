import pytest

from policylang.reference.target import segments


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", ("",)),
        ("/a", ("a",)),
        ("/a/", ("a", "")),
        ("/a/b?x=/../%2f;//%00", ("a", "b")),
        ("/%41%c3%a9/x", ("A\u00e9", "x")),
        ("/a%2Bb:c@d", ("a+b:c@d",)),
        ("/...", ("...",)),
        ("/%25", ("%",)),
        ("/%25zz", ("%zz",)),
        ("/a?", ("a",)),
        ("/a?b?c", ("a",)),
        ("/%7e%20", ("~ ",)),
    ],
)
def test_decodes_once(target: str, expected: tuple[str, ...]) -> None:
    assert segments(target) == expected


@pytest.mark.parametrize(
    "target",
    [
        "", "*", "a", "http://h/a", "h:443", "?x", "//", "//a", "/a//b", "/a//",
        "/.", "/..", "/a/./b", "/a/../b", "/%2e", "/.%2E", "/%2e%2e/a",
        "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/%00", "/%0a", "/%1f", "/%7f", "/%c2%85",
        "/a;b", "/a%3bb", "/a%3Bb", "/a#b", "/a%23b", "/a?b#c",
        "/%", "/%4", "/%4g", "/%252e", "/%25%32e", "/%2500", "/a?%", "/a?%zz",
        "/%ff", "/%c0%af", "/%ed%a0%80", "/\u00e9", "/a b", "/a\tb", "/a?b c", "/a?\u00e9", "/<", '/"', "/a\n",
        "/a?b\n",
        "/" + "a" * 8192,
    ],
)  # fmt: skip
def test_refuses_what_could_be_read_in_two_ways(target: str) -> None:
    assert segments(target) is None
