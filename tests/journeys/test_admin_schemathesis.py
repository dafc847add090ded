"""The admin API against its own document: schemathesis asks what the document allows, and what it does not.

The served document is read with the credential; its examples, edge cases and generated requests go to a real listener, with
all checks on. The seed and the number of examples are fixed, so that every run asks the same.
"""

from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from gateway.admin.document import read_document
from gateway.admin.times import micros_of
from tests.strategies.admin import BEARER, AdminWorld, served_aside

CONFIG: dict[str, Any] = {
    "headers": BEARER,
    "generation": {"max-examples": 6, "deterministic": True, "database": "none"},
    "phases": {"stateful": {"enabled": False}},
    "checks": {
        # What fits the document may still not fit the rules in force or the time (422), or be at another version (412);
        # the document says so for each.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "412", "422"]},
        "negative_data_rejection": {"expected-statuses": ["400", "401", "404", "405", "412", "413", "415", "422"]},
    },
}
SILENT = {"keys.get", "keys.patch", "keys.rotate", "keys.delete"}
"""A key's id is made by the API, so that none of a request's own choice is ever there."""


def test_no_check_fails() -> None:
    world = AdminWorld(now=micros_of("2030-12-31T12:00:00Z") or 0)
    failures: list[str] = []
    answered: set[tuple[str, int]] = set()
    with served_aside(world) as url:
        config = SchemathesisConfig.from_dict(CONFIG)
        config.update(seed=1, max_failures=None)
        schema = schemathesis.openapi.from_url(f"{url}/v1/openapi.json", headers=BEARER, config=config)
        for event in from_schema(schema).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                failures.append(repr(event))
            if isinstance(event, events.ScenarioFinished):
                recorder = event.recorder
                failures += [
                    f"{recorder.label}: {check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                    for checks in recorder.checks.values()
                    for check in checks
                    if check.failure_info is not None
                ]
                answered |= {
                    (recorder.label or "", one.response.status_code)
                    for one in recorder.interactions.values()
                    if one.response is not None
                }
    assert failures == []
    assert world.told == [], "no request is a fault of the gateway"
    asked = {f"{one.method} {one.path}": one.id for one in read_document().operations}
    assert asked.keys() == {label for label, _ in answered} | {"GET /v1/openapi.json"}
    done = {asked[label] for label, status in answered if 200 <= status < 300}
    assert done >= set(asked.values()) - SILENT - {"document.get"}
