"""The spine of the oracle: one question, one decision, in the order of the answers of the language reference."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal

from policylang.check.model import CheckedModule, Ref, Route, Rule, Value
from policylang.reference.authenticate import Caller, authenticate
from policylang.reference.choose_route import Captures, NoMethod, choose
from policylang.reference.counters import Counters, charges
from policylang.reference.decode import decode_all
from policylang.reference.evaluate import reference
from policylang.reference.host import labels
from policylang.reference.payload import RefusedError
from policylang.reference.policies import NotTaken, choose_policies, select_of
from policylang.reference.render import Minted, RenderFaultError, RenderRefusedError, folded, header, mint
from policylang.reference.target import segments
from policylang.reference.values import ABSENT, FAULT, Facts, Mark, Tracer
from policylang.reference.verdict import in_scope, judge, observe
from policylang.runtime.ask import Ask
from policylang.runtime.decision import STATUS, Decision, DecisionKind

Fields = Mapping[str, Value | Literal[Mark.ABSENT]] | Literal[Mark.FAULT]


def decided(kind: DecisionKind, **rest: Any) -> Decision:
    """A decision of a kind, with its status."""
    return Decision(kind=kind, status=STATUS[kind], **rest)


@dataclass
class Oracle:
    """Decides by a checked module. Counters live as long as the oracle does. A tracer is told what is looked at."""

    module: CheckedModule
    counters: Counters = field(default_factory=Counters)
    tracer: Tracer | None = None

    def ask(self, ask: Ask) -> Decision:
        """The decision on one request. Raises StuckError where the checker has let something through."""
        decision = self._decide(ask)
        if self.tracer is not None:
            self.tracer.decided(ask, decision)
        return decision

    def _decide(self, ask: Ask) -> Decision:
        path, host = segments(ask.target), labels(ask.host)
        if path is None or host is None:
            return decided("malformed")
        chosen = choose(self.module, ask.method, path, host)
        if chosen is None:
            return decided("no_route")
        if isinstance(chosen, NoMethod):
            return decided("method_not_allowed")
        route = chosen.route
        rules = in_scope(self.module, route, ask.method)
        headers = client_headers(ask)
        if any(headers.get(name) is FAULT for name in used_headers(self.module, route, rules)):
            return decided("malformed", route=route.name)
        try:
            caller = authenticate(self.module, route, ask)
        except RefusedError as refused:
            return decided("credential_refused", route=route.name, reason=str(refused))
        if caller is None:
            return decided("credential_missing", route=route.name)
        facts = facts_of(self.module, ask, caller, chosen.captures, headers)
        return self._verdict(ask, route, rules, caller, replace(facts, tracer=self.tracer))

    def _verdict(self, ask: Ask, route: Route, rules: list[Rule], caller: Caller, facts: Facts) -> Decision:
        taken = choose_policies(self.module, route.name, facts)
        if isinstance(taken, NotTaken):
            facts = replace(facts, grants=FAULT if taken.fault else frozenset())
        else:
            facts = replace(facts, grants=taken.grants)
        ruling = judge(rules, route, facts)
        base = decided(
            ruling.kind,
            route=route.name,
            issuer=caller.issuer,
            rule=ruling.rule,
            faults=ruling.faults,
            acr=ruling.acr,
            shadows=observe(rules, facts),
        )
        if ruling.kind != "allow":
            return base
        if isinstance(taken, NotTaken):
            return _instead(base, "policy_fault" if taken.fault else "policy_refused")
        base = replace(base, policies=tuple(policy.name for policy in taken.policies))
        try:
            base = replace(base, **rendered(self.module, route, facts, ask.secrets))
        except RenderFaultError:
            return _instead(base, "render_fault")
        except RenderRefusedError:
            return _instead(base, "render_refused")
        if base.minted and ask.now >= caller.expires:
            return decided("credential_refused", route=route.name, reason="an identity token would be born expired")
        asked = charges(self.module, route.name, taken.policies, caller.identity, facts)
        refusing = self.counters.step(asked, ask.now)
        if refusing:
            return replace(_instead(base, "limited"), charges=tuple(refusing))
        return replace(base, charges=tuple(record for record, _ in asked))


def _instead(decision: Decision, kind: DecisionKind) -> Decision:
    """A refusal after an allow held: no rule decided it, and nothing is said upstream."""
    return replace(
        decision, kind=kind, status=STATUS[kind], rule=None, request_headers=(), response_headers=(), minted=()
    )


def facts_of(
    module: CheckedModule, ask: Ask, caller: Caller, captures: Captures, headers: dict[str, str | Literal[Mark.FAULT]]
) -> Facts:
    """What the expressions of one request may name, the grants aside."""
    return Facts(
        now=ask.now,
        issuer=caller.issuer,
        claims=caller.claims,
        metadata=metadata_fields(module, caller, ask.metadata),
        captures=captures,
        headers=headers,
        client_ip=ask.client_ip,
        peer_ip=ask.peer_ip,
    )


def metadata_fields(module: CheckedModule, caller: Caller, stored: Mapping[str, Any] | None) -> Fields:
    """The declared fields, decoded; a fault when the store is down or what it holds does not decode.

    An anonymous caller is nobody to know anything about: all fields are absent.
    """
    declared = module.metadata.fields if module.metadata is not None else ()
    if caller.issuer is None:
        return {field.name: ABSENT for field in declared}
    if stored is None:
        return FAULT
    try:
        return decode_all(declared, stored)
    except RefusedError:
        return FAULT


def client_headers(ask: Ask) -> dict[str, str | Literal[Mark.FAULT]]:
    """The client's headers by lower-case name; FAULT where a name is repeated or a value is not printable ASCII."""
    found: dict[str, str | Literal[Mark.FAULT]] = {}
    for name, value in ask.headers:
        printable = all(" " <= character <= "~" for character in value)
        found[name.lower()] = value if printable and name.lower() not in found else FAULT
    return found


def used_headers(module: CheckedModule, route: Route, rules: list[Rule]) -> set[str]:
    """The lower-case names of the client's headers that decide or say anything here; shadows do not count."""
    reading: list[object] = [rule.condition for rule in rules if not rule.effect.startswith("shadow")]
    reading += [select_of(module, route.name)]
    reading += [item for item in (*module.limits, *module.set_headers, *module.identity_tokens) if covers(item, route)]
    return {ref.name for ref in references(reading) if ref.root == "header"}


def covers(item: Any, route: Route) -> bool:
    """Whether a declaration's scope holds a route."""
    return route.name in item.routes


def references(thing: object) -> Iterator[Ref]:
    """Every reference anywhere inside a piece of the checked module."""
    if isinstance(thing, Ref):
        yield thing
    elif isinstance(thing, tuple | list):
        for item in thing:
            yield from references(item)
    elif is_dataclass(thing):
        for part in fields(thing):
            yield from references(getattr(thing, part.name))


def rendered(module: CheckedModule, route: Route, facts: Facts, secrets: Mapping[str, str]) -> dict[str, Any]:
    """Headers and identity tokens. Raises RenderFaultError if anything faults, what limits count too, else
    RenderRefusedError."""
    said: dict[str, list[tuple[str, str]]] = {"request": [], "response": []}
    refused: list[str] = []
    for rule in sorted(module.set_headers, key=lambda rule: folded(rule.name)):
        if covers(rule, route):
            try:
                value = header(rule, facts, secrets)
            except RenderRefusedError:
                refused.append(rule.name)
            else:
                said[rule.direction] += [(rule.name, value)] if value is not None else []
    vouched = module.identity_tokens if facts.issuer is not None else ()
    tokens = sorted((token for token in vouched if covers(token, route)), key=lambda token: token.name)
    minted: tuple[Minted, ...] = tuple(mint(token, facts) for token in tokens)
    for limit in module.limits:
        if covers(limit, route) and isinstance(limit.key, Ref) and reference(limit.key, facts) is FAULT:
            raise RenderFaultError(limit.name)
    if refused:
        raise RenderRefusedError(", ".join(refused))
    return {
        "request_headers": tuple(said["request"]),
        "response_headers": tuple(said["response"]),
        "minted": minted,
    }
