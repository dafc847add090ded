"""CSV: what a spreadsheet reads back is what the answer has."""

import csv
import io

from gateway.commands.usage_csv import to_csv
from tests.gateway.commands.usage_answers import by_hour, by_identity, by_route, nothing


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_rows_by_hour() -> None:
    rows = read(to_csv(by_hour()))
    assert [row["start"] for row in rows] == ["2025-11-25T00:00:00Z", "2025-11-25T02:00:00Z", "2025-11-25T03:00:00Z"]
    assert rows[1] == {
        "start": "2025-11-25T02:00:00Z",
        "requests": "400",
        "admitted": "385",
        "limited": "10",
        "abandoned": "0",
        "upstream_errors": "2",
        "uncounted": "0",
        "bytes_in": "999",
        "bytes_out": "123456",
        "denied_denied": "1",
        "denied_no_allow": "4",
        "latency_p50_us": "3839",
        "latency_p90_us": "3839",
        "latency_p99_us": "73727",
    }
    assert rows[2]["denied_no_allow"] == "0"


def test_rows_by_route_have_a_period_and_a_name() -> None:
    rows = read(to_csv(by_route(2)))
    assert len(rows) == 7
    assert {row["route"] for row in rows} == {"", "route0", "route1"}
    assert next(row for row in rows if row["route"] == "")["latency_p50_us"] == ""


def test_the_top_identities() -> None:
    assert [(row["identity"], row["requests"]) for row in read(to_csv(by_identity()))] == [
        ("aa" * 16, "1234567"),
        ("bb" * 16, "100"),
    ]


def test_nothing_is_a_header() -> None:
    text = to_csv(nothing())
    assert text.startswith("start,requests,")
    assert len(text.splitlines()) == 1


def test_no_name_is_a_formula() -> None:
    answer = by_route(1)
    for row in answer["rows"]:
        row["route"] = '=cmd|"/c calc"'
    assert {row["route"] for row in read(to_csv(answer))} == {'\'=cmd|"/c calc"'}
