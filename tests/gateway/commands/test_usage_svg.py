"""The picture: well-formed, within its borders, true to the figures, and without anything that runs."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gateway.commands.usage_svg import WIDTH, nice, to_svg
from gateway.commands.usage_view import view
from tests.gateway.commands.usage_answers import by_hour, by_identity, by_route

SVG = "{http://www.w3.org/2000/svg}"


def drawn(answer: dict[str, Any]) -> ET.Element:
    return ET.fromstring(to_svg(view(answer)))


@pytest.mark.parametrize("answer", [by_hour(), by_route(), by_route(12), by_identity()])
def test_it_is_accessible_and_runs_nothing(answer: dict[str, Any]) -> None:
    root = drawn(answer)
    assert root.get("role") == "img"
    named = {element.get("id"): element for element in root if element.get("id")}
    assert set(str(root.get("aria-labelledby")).split()) == set(named) == {"title", "description"}
    assert f"{answer['total']['requests']:,} requests" in str(named["description"].text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "text", "line", "g",
    }  # fmt: skip
    assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)
    assert "prefers-color-scheme: dark" in to_svg(view(answer))


@pytest.mark.parametrize("answer", [by_hour(), by_route(), by_route(12), by_identity()])
def test_everything_is_within_the_borders(answer: dict[str, Any]) -> None:
    root = drawn(answer)
    height = float(str(root.get("height")))
    for rect in root.iter(f"{SVG}rect"):
        x, y = float(rect.get("x", "0")), float(rect.get("y", "0"))
        assert x >= 0
        assert y >= 0
        assert x + float(str(rect.get("width"))) <= WIDTH
        assert y + float(str(rect.get("height"))) <= height + 0.1


def test_columns_are_as_high_as_their_figures() -> None:
    root = drawn(by_hour())
    told = {str(group[0].text): group for group in root.iter(f"{SVG}g")}
    assert list(told) == [
        "2025-11-25 00:00: admitted 85; limited 10; denied 5",
        "2025-11-25 02:00: admitted 385; limited 10; denied 5",
        "2025-11-25 03:00: admitted 1",
    ]
    heights = [
        float(str(rect.get("height"))) for rect in told["2025-11-25 02:00: admitted 385; limited 10; denied 5"][1:]
    ]
    assert heights[0] / heights[1] == pytest.approx(38.5, rel=0.02)
    assert heights[1] / heights[2] == pytest.approx(2, rel=0.03)
    texts = [str(text.text) for text in root.iter(f"{SVG}text")]
    assert {"requests", "admitted", "limited", "denied", "500", "hours of UTC", "11-25 00:00"} <= set(texts)


def test_names_are_text() -> None:
    answer = by_route(1)
    for row in (*answer["rows"], *answer["groups"]):
        row["route"] = '<script>alert("&")</script>'
    assert '<script>alert("&")</script>'[:23] + "…" in [text.text for text in drawn(answer).iter(f"{SVG}text")]


def test_the_axis_ends_on_a_round_number() -> None:
    for most in range(1, 5_000, 7):
        top = nice(most)
        assert most <= top <= max(4, 2.5 * most)
        assert str(top).rstrip("0") in {"1", "2", "4", "5"}
