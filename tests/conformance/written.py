"""Documents of kind ``cases``: what their author wrote, as requests and expectations."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from policylang.runtime.ask import Ask
from tests.conformance.document import Case, Document, Refused, Step, Suite

NOW = "2026-02-01T12:00:00Z"
LAID_OVER = ("claims", "twice")


def suite_of(name: str, document: Document) -> Suite:
    """The suite of a document."""
    files = dict(document.get("files", {}))
    if "rules" in document:
        files["main.rules"] = document["rules"]
    before = document.get("before", "language 1\n")
    return Suite(
        name=name,
        files=files,
        cases=tuple(_case(document, case) for case in document.get("cases", ())),
        refused=tuple(Refused(one["name"], before + one["rules"], one["code"]) for one in document.get("refused", ())),
        secrets=document.get("secrets", {}),
    )


def _case(document: Document, case: Mapping[str, Any]) -> Case:
    common = _over(document.get("defaults", {}), case)
    steps = []
    for step in case.get("steps", ({},)):
        made = _step(document, _over(common, step))
        steps += [made] * int(step.get("repeat", 1))
    return Case(case["name"], tuple(steps), case.get("wire", True))


def _over(under: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """One layer over another; members of a token add to those below."""
    merged = {**under, **upper}
    for name in LAID_OVER:
        if name in under and name in upper:
            merged[name] = {**under[name], **upper[name]}
    return merged


def _step(document: Document, said: Mapping[str, Any]) -> Step:
    method, _, target = said["request"].partition(" ")
    facts = said.get("metadata", "{}")
    ask = Ask(
        now=micros(said.get("at", NOW)),
        method=method,
        target=target,
        host=said.get("host", "gateway.test"),
        headers=tuple((name, value) for name, value in said.get("headers", ())),
        payload=_payload(document, said),
        keyring=said.get("keyring") or None,
        metadata=None if facts == "down" else json.loads(facts),
        client_ip=said.get("client", "127.0.0.1"),
        secrets=document.get("secrets", {}),
    )
    return Step(ask, said["expect"], said.get("credential", "bearer"))


def micros(instant: str) -> int:
    """Microseconds since 1970 of an RFC 3339 instant."""
    moment = datetime.fromisoformat(instant)
    return int(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond


def _payload(document: Document, said: Mapping[str, Any]) -> bytes | None:
    if "payload" in said:
        return str(said["payload"]).encode()
    if "payload_hex" in said:
        return bytes.fromhex(said["payload_hex"])
    if said.get("token", "none") == "none":
        return None
    members = {**document["tokens"][said["token"]], **said.get("claims", {})}
    for name in said.get("without", ()):
        del members[name]
    return written(members, said.get("twice", {}))


def written(members: Mapping[str, str], twice: Mapping[str, str] | None = None) -> bytes:
    """A JSON object of members whose values are JSON text; those of ``twice`` stand once more at the end."""
    pairs = [f"{json.dumps(name)}: {value}" for name, value in [*members.items(), *(twice or {}).items()]]
    return ("{" + ", ".join(pairs) + "}").encode()
