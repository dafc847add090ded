import pytest

from policylang.plan.captures import capture_reader


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (("slug",), ["a", "0-_", "a" * 64], ["", "A", "-a", "a" * 65, "a.b", "é", "a\n"]),
        (("text", 1, 3), ["a", "é€😀", "a b"], ["", "abcd"]),
        (("text", 0, 3), ["", "a"], ["abcd"]),
        (("email",), ["a@b", "a.b+c@example.com"], ["", "@b", "a@", "a@b@c", "a@-b", "a" * 250 + "@b.cd", "a@b\n"]),
        (("enum", "a", "b"), ["a"], ["", "A", "ab"]),
    ],
)
def test_texts_stay_texts(kind: tuple[object, ...], good: list[str], bad: list[str]) -> None:
    read = capture_reader(kind)
    assert [read(text) for text in good] == good
    assert [read(text) for text in bad] == [None] * len(bad)


def test_integers_are_canonical_decimals_within_bounds() -> None:
    read = capture_reader(("int", -5, 2**63 - 1))
    assert read("0") == 0
    assert type(read("0")) is int
    assert read("-5") == -5
    assert read(str(2**63 - 1)) == 2**63 - 1
    for text in (
        "",
        "-6",
        "+1",
        "00",
        "01",
        "-0",
        "-01",
        "1.0",
        "1e1",
        " 1",
        "1 ",
        "1\n",
        "١",
        "²",
        str(2**63),
        "9" * 5000,
    ):
        assert read(text) is None, text
