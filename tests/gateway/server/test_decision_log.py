"""The decision log: valid lines, slow readers, and no more memory than it may take."""

import json
import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gateway.message.record import PlanNames, Record
from gateway.server.decision_log import (
    BATCH,
    EXPLAINED_AT_MOST,
    EXPLANATION_CHARS,
    PENDING_AT_MOST,
    DecisionLog,
    line,
)
from policylang.explain.to_json import to_json
from policylang.explain.tree import ExplainTree

SCHEMA = Draft202012Validator(json.loads(Path("schemas/decision-log.v1.json").read_text(encoding="utf-8")))
NAMES = PlanNames("sha256:00ff", ("orders", "ops"), ("corp",), ("deny_a", "see"), ("free", "gold"))

TOLD = to_json(ExplainTree("denied", 403, "GET", "orders", "corp", "\u00e9", ("deny_a",), ()))

records = st.builds(
    Record,
    request_id=st.just("00112233445566aa"),
    started=st.integers(0, 4_000_000_000_000_000),
    method=st.one_of(st.sampled_from(["GET", "M-SEARCH"]), st.text(max_size=40)),
    plan=st.sampled_from([None, NAMES]),
    route=st.integers(-1, 1),
    issuer=st.integers(-1, 0),
    identity=st.sampled_from([b"", b"\x01" * 16]),
    kind=st.sampled_from(["allow", "limited", "denied"]),
    reason=st.text(max_size=600),
    rule=st.integers(-1, 1),
    policies=st.sampled_from([(), (0,), (0, 1)]),
    shadows=st.sampled_from([(), ((0, None), (1, True))]),
    outage_allowed=st.booleans(),
    cut=st.booleans(),
    status=st.sampled_from([0, 200, 429]),
    upstream=st.sampled_from([0, 200]),
    finished=st.integers(0, 4_000_000_000_000_000),
    explanation=st.sampled_from([None, TOLD]),
)


@given(records)
def test_every_line_is_valid_and_one_line(record: Record) -> None:
    written = line(record)
    assert written.count(b"\n") == 1
    assert written.isascii()
    SCHEMA.validate(json.loads(written))


def test_an_explanation_is_left_out_where_it_is_too_long_or_lines_pile_up() -> None:
    record = Record("00112233445566aa", 1_000_000, "GET", kind="denied", explanation=TOLD)
    assert json.loads(line(record))["explanation"] == json.loads(json.dumps(TOLD))
    record.explanation = {**TOLD, "reason": "x" * EXPLANATION_CHARS}
    assert "explanation" not in json.loads(line(record))
    log = DecisionLog(-1)
    for _ in range(EXPLAINED_AT_MOST):
        log.add(Record("00112233445566aa", 0, "GET"))
    log.add(record)
    assert record.explanation is None


def test_names_stand_for_indices() -> None:
    record = Record("00112233445566aa", 1_000_000, "GET", NAMES, 1, 0, b"\2" * 16, "denied", "", 0, (1,), ((1, None),))
    shown = json.loads(line(record))
    assert (shown["route"], shown["issuer"], shown["rule"], shown["policies"]) == ("ops", "corp", "deny_a", ["gold"])
    assert shown["shadows"] == {"see": "fault"}
    assert shown["identity"] == "02" * 16
    assert shown["time"] == "1970-01-01T00:00:01.000000Z"


def test_a_line_says_whether_the_answer_was_cut() -> None:
    record = Record("00112233445566aa", 1_000_000, "GET", kind="allow", status=200)
    assert "cut" not in json.loads(line(record))
    record.cut = True
    assert json.loads(line(record))["cut"] is True


def test_a_reader_that_is_slow_loses_nothing() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    os.set_blocking(reader, False)
    try:
        log = DecisionLog(writer)
        for number in range(3 * BATCH):
            log.add(Record(f"{number:016x}", 0, "GET", kind="allow"))
        received = b""
        for _ in range(10_000):
            log.write_batch()
            try:
                received += os.read(reader, 4096)
            except BlockingIOError:
                if not log.pending:
                    break
        ids = [json.loads(text)["request_id"] for text in received.splitlines()]
        assert ids == [f"{n:016x}" for n in range(3 * BATCH)]
        assert log.written == 3 * BATCH
    finally:
        os.close(reader)
        os.close(writer)


def test_records_beyond_the_cap_are_counted_not_kept() -> None:
    log = DecisionLog(-1)
    record = Record("00", 0, "GET")
    for _ in range(PENDING_AT_MOST + 3):
        log.add(record)
    assert (log.pending, log.dropped) == (PENDING_AT_MOST, 3)
