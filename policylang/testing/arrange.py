"""A test's steps as asks: who calls, when, with what stored about them, over the request as it would be sent."""

from dataclasses import dataclass, field, replace
from typing import Any

from policylang.check.header_names import spelling
from policylang.check.model import CheckedModule, Claim
from policylang.check.rows import Example
from policylang.check.tests import START
from policylang.request.client import canonical_ip
from policylang.runtime.ask import Ask
from policylang.source.spans import Span
from policylang.syntax import nodes
from policylang.syntax import nodes_test as ast
from policylang.testing.fixtures import SECOND, made_up_secrets, payload, stored
from policylang.testing.model import Case, Step, Used

DEFAULT_CLIENT = "127.0.0.1"


def arranged(example: Example, module: CheckedModule) -> Case:
    """The case of an example that the checker has passed."""
    arranging = _Arranging(module)
    for step in example.steps:
        arranging.take(step)
    return Case(example.title, example.span, tuple(arranging.steps), example.row)


def counter_name(counter: ast.Counter) -> str:
    """The name that a decision's charges have for a counter."""
    name = counter.name.text
    kind = "concurrency" if counter.kind == "concurrent" else counter.kind
    return name if kind == "limit" else f"policy:{name}:{kind}"


@dataclass
class _Arranging:
    """What has been said so far: the clock in microseconds, the token, the metadata, the last request."""

    module: CheckedModule
    now: int = START * SECOND
    issuer: str = ""
    facts: tuple[ast.Fact, ...] = ()
    payload: bytes | None = None
    keyring: str | None = None
    metadata: dict[str, Any] | None = field(default_factory=dict)
    request: Ask | None = None
    used: list[Used] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def take(self, step: ast.Step) -> None:
        """Go one step further."""
        match step:
            case ast.AtStep(instant=instant):
                self.now = instant.seconds * SECOND
            case ast.AfterStep(duration=duration):
                self.now += duration.micros
            case ast.TokenStep():
                self._token(step)
            case ast.RawTokenStep(payload=payload):
                self.keyring = None
                self.payload = None if payload is None else _text(payload).encode("utf-8", "surrogatepass")
            case ast.MetadataStep(facts=facts):
                self.metadata = None if facts is None else stored(self._fields(), facts, self.now)
            case ast.UsedStep(count=count, counter=counter):
                self.used.append(Used(counter_name(counter), _number(count), self.now, step.span))
            case ast.RequestStep():
                self.request = self._request(step)
                self._send(self.request, step.span, 1)
            case ast.RepeatStep(count=count) if self.request is not None:
                self._send(self.request, step.span, count.value)
            case ast.ExpectStep():
                last = self.steps[-1]
                self.steps[-1] = replace(last, expectations=(*last.expectations, step))

    def _token(self, step: ast.TokenStep) -> None:
        if step.issuer is not None:
            self.issuer, self.facts = step.issuer.text, step.facts
        else:
            changed = {fact.name.text for fact in step.facts}
            self.facts = (*(fact for fact in self.facts if fact.name.text not in changed), *step.facts)
        issuer = self.module.issuers[self.issuer]
        self.payload = payload(issuer, self.facts, self.now)
        self.keyring = issuer.name if issuer.opaque else None

    def _fields(self) -> dict[str, Claim]:
        metadata = self.module.metadata
        return {} if metadata is None else {claim.name: claim for claim in metadata.fields}

    def _request(self, step: ast.RequestStep) -> Ask:
        said = {part.kind: _text(part.value) for part in step.parts if part.kind != "header"}
        client = canonical_ip(said.get("from", DEFAULT_CLIENT))
        if not isinstance(step.method, nodes.Name):
            raise TypeError(step.method)
        return Ask(
            now=self.now,
            method=step.method.text,
            target=_text(step.target),
            host=said.get("host", "gateway.test"),
            headers=tuple((spelling(p.header), _text(p.value)) for p in step.parts if p.header is not None),
            peer_ip=canonical_ip(said["peer"]) if "peer" in said else client,
            client_ip=client,
            secrets=made_up_secrets(self.module.secrets),
        )

    def _send(self, request: Ask, span: Span, times: int) -> None:
        ask = replace(request, now=self.now, payload=self.payload, keyring=self.keyring, metadata=self.metadata)
        self.steps.append(Step(span, ask, times, tuple(self.used)))
        self.used = []


def _text(part: nodes.Str | ast.RowRef) -> str:
    if isinstance(part, ast.RowRef):
        raise TypeError(part)
    return part.value


def _number(part: nodes.Int | ast.RowRef) -> int:
    if isinstance(part, ast.RowRef):
        raise TypeError(part)
    return part.value
