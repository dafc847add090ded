import pytest

from policylang.linter.catalogue import RULES
from policylang.linter.model import Options, micros_of


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1ms", 1_000),
        ("30s", 30_000_000),
        ("5min", 300_000_000),
        ("1h", 3_600_000_000),
        ("2d", 172_800_000_000),
        ("0s", 0),
    ],
)
def test_durations_as_the_language_writes_them(text: str, micros: int) -> None:
    assert micros_of(text) == micros


@pytest.mark.parametrize("text", ["", "30", "s", "-1s", "1.5h", "1 h", "1h30min", "1H", "9999999999s", "１s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        micros_of(text)


def test_options_by_kind() -> None:
    options = Options({"longest": "90s", "fewest": 3, "names": ("a", "b")})
    assert options.micros("longest") == 90_000_000
    assert options.text("longest") == "90s"
    assert options.count("fewest") == 3
    assert options.words("names") == {"a", "b"}
    assert options.words("fewest") == frozenset()


def test_every_default_is_of_its_kind() -> None:
    for rule in RULES:
        for option in rule.options:
            match option.kind:
                case "duration":
                    assert rule.defaults().micros(option.name) > 0
                case "count":
                    assert rule.defaults().count(option.name) >= 0
                case "words":
                    assert isinstance(option.default, tuple)
