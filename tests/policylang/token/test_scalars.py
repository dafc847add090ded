from typing import Any

import pytest

from policylang.token.ijson import NON_INTEGER
from policylang.token.scalars import LAST_SECOND, scalar_reader

TEXT = ("text", 1, 3)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (TEXT, "a"),
        (TEXT, "\U0001f600\U0001f600\U0001f600"),
        (TEXT, "a\n"),
        (("text", 0, 3), ""),
        (("slug",), "a"),
        (("slug",), "0-_"),
        (("slug",), "a" * 64),
        (("email",), "a@b"),
        (("email",), "a.b+c@mail.example.com"),
        (("email",), "o'hara@x-1.example"),
        (("enum", "gold", "free", ""), ""),
        (("enum", "gold", "free"), "gold"),
        (("int", 0, 100), 0),
        (("int", 0, 100), 100),
        (("int", -(2**63), 2**63 - 1), -(2**63)),
        (("bool",), True),
        (("bool",), False),
        (("time",), 0),
        (("time",), LAST_SECOND),
        (("cidr",), "10.0.0.0/8"),
        (("cidr",), "0.0.0.0/0"),
        (("cidr",), "fd00::/8"),
    ],
)
def test_reads(term: tuple[Any, ...], value: object) -> None:
    read = scalar_reader(term)(value)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("FD00:0::/8", "fd00::/8"), ("::FFFF:10.0.0.0/104", "::ffff:a00:0/104"), ("2001:DB8:0:0::/32", "2001:db8::/32")],
)
def test_networks_have_one_spelling(text: str, canonical: str) -> None:
    assert scalar_reader(("cidr",))(text) == canonical


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (TEXT, ""),
        (TEXT, "abcd"),
        (TEXT, 1),
        (TEXT, None),
        (TEXT, ["a"]),
        (TEXT, {"a": 1}),
        (TEXT, True),
        (("slug",), ""),
        (("slug",), "A"),
        (("slug",), "-a"),
        (("slug",), "_a"),
        (("slug",), "a" * 65),
        (("slug",), "a\n"),
        (("slug",), "a.b"),
        (("slug",), "\u0661"),
        (("slug",), 1),
        (("email",), "a"),
        (("email",), "a@"),
        (("email",), "@b"),
        (("email",), "a@b@c"),
        (("email",), "a..b@c"),
        (("email",), ".a@b"),
        (("email",), "a.@b"),
        (("email",), "a@b."),
        (("email",), "a@-b"),
        (("email",), "a@b-"),
        (("email",), "a@b..c"),
        (("email",), "a@" + "b" * 64),
        (("email",), "a@[127.0.0.1]"),
        (("email",), '"a"@b'),
        (("email",), "a b@c"),
        (("email",), "a@b\n"),
        (("email",), "a@b\x00.corp.test"),
        (("email",), "\u00e9@b"),
        (("email",), "a@\u0431"),
        (("email",), "a" * 250 + "@b.cd"),
        (("email",), ["a@b"]),
        (("enum", "gold"), "Gold"),
        (("enum", "gold"), "gold "),
        (("enum", "gold"), ["gold"]),
        (("enum", "gold"), None),
        (("int", 0, 100), 101),
        (("int", 0, 100), -1),
        (("int", 0, 100), True),
        (("int", 0, 100), False),
        (("int", 0, 100), "3"),
        (("int", 0, 100), 3.0),
        (("int", 0, 100), NON_INTEGER),
        (("int", 0, 100), None),
        (("bool",), 1),
        (("bool",), 0),
        (("bool",), "true"),
        (("bool",), None),
        (("time",), -1),
        (("time",), LAST_SECOND + 1),
        (("time",), NON_INTEGER),
        (("time",), "0"),
        (("cidr",), "10.0.0.1/8"),
        (("cidr",), "10.0.0.0"),
        (("cidr",), "10.0.0.0/255.0.0.0"),
        (("cidr",), "10.0.0.0/08"),
        (("cidr",), "10.0.0.0/33"),
        (("cidr",), "010.0.0.0/8"),
        (("cidr",), "fe80::%eth0/64"),
        (("cidr",), "fd00::1/8"),
        (("cidr",), "10.0.0.0/8\n"),
        (("cidr",), ""),
        (("cidr",), 10),
    ],
)
def test_what_is_not_of_the_type_reads_as_none(term: tuple[Any, ...], value: object) -> None:
    assert scalar_reader(term)(value) is None


def test_an_unknown_term_is_an_error() -> None:
    with pytest.raises(KeyError):
        scalar_reader(("float",))
