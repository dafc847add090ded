import pytest

from gateway.authn.key_fetch import Fetched, max_age

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("max-age=600", "", 600),
        ("public, max-age=600, must-revalidate", "", 600),
        ("MAX-AGE=600", "100", 500),
        ('max-age="600"', "", 600),
        ("max-age = 600", "", 600),
        ("max-age=600", "700", 0),
        ("max-age=600", "-5", 600),
        ("max-age=600", "x", 600),
        ("max-age=0", "", 0),
        ("no-store", "", 0),
        ("no-cache, max-age=600", "", 0),
        ("max-age=600,no-store", "", 0),
        ('no-cache="Set-Cookie", max-age=600', "", 0),
    ],
)
def test_stated(cache_control: str, age: str, seconds: int) -> None:
    assert max_age(cache_control, age) == seconds * SECOND


@pytest.mark.parametrize(
    "cache_control",
    ["", "public", "s-maxage=600", "x-max-age=600", "max-age", "max-age=", "max-age=-1", "max-age=1.5", "max-age=x"],
)
def test_not_stated(cache_control: str) -> None:
    assert max_age(cache_control, "") is None


def test_an_answer_shows_no_content() -> None:
    assert "n-of-a-key" not in repr(Fetched({"keys": ["n-of-a-key"]}, None))
