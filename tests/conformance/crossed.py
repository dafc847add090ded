"""Documents of kind ``operators``: each operator crossed with declarations, forms, contexts and states, by the tables.

Law of this file: what a crossing must come to is looked up, never computed by an engine.

A *state* is what the source has (a value, nothing, null, …); the declaration says what it *comes to*; a value, a default
or an absence then has a *truth* by the operator's lists and the form, and the context says what follows from that truth.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote

from policylang.runtime.ask import Ask
from tests.conformance.document import Case, Document, Expect, Refused, Step, Suite, tables
from tests.conformance.written import NOW, micros, written

REFUSING = {"refused": "credential_refused", "malformed": "malformed", "no_route": "no_route"}
STRICT = "deny"
"""The context that sees what is refused: what a rule says changes nothing there, and a deny would let it through."""

ISSUER = """issuer {name} {{
  iss "https://{host}.test"  keys file "keys/conformance.json"  algorithms ES256  audience "api"  identity by claims.sub
  claims {{ sub: text(1..8)  {claim} }}
}}
"""
HEAD = """language 1
setting service url
policy picked {{ grants "p" }}
policy rest {{ grants "r" }}
metadata {{ fresh within 30s
{fields}
}}
"""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One operator, declared in one way, written in one form, in one context."""

    operator: Mapping[str, Any]
    declaration: Mapping[str, Any]
    form: str
    context: str

    @property
    def type(self) -> Mapping[str, Any]:
        """The operand's type."""
        found: Mapping[str, Any] = tables()["types"][self.operator["type"]]
        return found

    @property
    def source(self) -> str:
        """Where the operand comes from."""
        return str(self.declaration["source"])

    @property
    def issuer(self) -> str:
        """The issuer that declares the operand; all crossings without one of their own share ``plain``."""
        own = self.source == "claims"
        return f"{self.operator['name']}_{self.declaration['name']}" if own else "plain"

    @property
    def id(self) -> str:
        """The name of its route."""
        return f"{self.operator['name']}_{self.declaration['name']}_{self.form}_{self.context}"

    @property
    def ref(self) -> str:
        """The operand as rules name it."""
        match self.source:
            case "claims":
                return "claims.x"
            case "metadata":
                return f"metadata.{self.field}"
            case "header":
                return 'header["X-Operand"]'
            case _:
                return "path.x"

    @property
    def field(self) -> str:
        """The metadata field."""
        return f"f_{self.operator['name']}_{self.declaration['name']}"

    @property
    def condition(self) -> str:
        """What the rule asks."""
        form = tables()["forms"][self.form]
        operand = form.get("operand", "{ref}").format(ref=self.ref, default=self.type["default"])
        test = self.operator["test"].replace("{x}", operand)
        return str(form["condition"].replace("{test}", test).replace("{ref}", self.ref))

    @property
    def is_unsplit(self) -> bool:
        """Whether the type is declared without its split."""
        return "unsplit" in self.type and bool(self.declaration.get("unsplit", False))

    @property
    def declared(self) -> str:
        """The declaration, as rules write it."""
        text = str(self.declaration["declare"])
        return text.replace("{type}", str(self.type["unsplit" if self.is_unsplit else "declare"])).replace(
            "{default}", self.type["default"]
        )


TOGETHER = 3
"""Operators in one rule set: the oracle tries every route of it for every request."""


def suites_of(name: str, document: Document) -> Iterator[Suite]:
    """The suites that a table of operators spans."""
    operators = document["operators"]
    for start in range(0, len(operators), TOGETHER):
        some = operators[start : start + TOGETHER]
        yield _suite(f"{name} {some[0]['name']}", some)


def _suite(name: str, operators: Sequence[Mapping[str, Any]]) -> Suite:
    crossings = list(_crossings(operators))
    fields = {c.field: c.declared for c in crossings if c.source == "metadata"}
    issuers = {c.issuer: f"x: {c.declared}" if c.source == "claims" else "" for c in crossings}
    parts = [HEAD.format(fields="\n".join(f"  {field}: {term}" for field, term in fields.items()))]
    parts += [ISSUER.format(name=one, host=one.replace("_", "-"), claim=claim) for one, claim in issuers.items()]
    parts += [_rules(crossing) for crossing in crossings]
    cases = tuple(case for crossing in crossings for case in _cases(crossing))
    return Suite(name, {"main.rules": "".join(parts)}, cases, tuple(_refused(operators)))


def _crossings(operators: Sequence[Mapping[str, Any]]) -> Iterator[Crossing]:
    for operator, declaration in product(operators, tables()["declarations"]):
        if not _goes_together(operator, declaration):
            continue
        for form, context in product(declaration["forms"], declaration["contexts"]):
            if form == "coalesced" and operator.get("reference", False):
                continue
            yield Crossing(operator, declaration, form, context)


def _goes_together(operator: Mapping[str, Any], declaration: Mapping[str, Any]) -> bool:
    source, term = declaration["source"], tables()["types"][operator["type"]]
    if source not in operator.get("sources", [source]):
        return False
    if source == "path":
        return "capture" in term
    return source != "header" or bool(term.get("header", False))


def _rules(crossing: Crossing) -> str:
    tail = "/{x: " + str(crossing.type.get("capture")) + "}" if crossing.source == "path" else ""
    route = (
        f'route {crossing.id} {{ match GET on "/{crossing.id}{tail}"  trust {crossing.issuer}  '
        f"upstream setting.service }}\n"
    )
    rules = tables()["contexts"][crossing.context]["rules"]
    return str(route + rules.replace("{id}", crossing.id).replace("{condition}", crossing.condition) + "\n")


def _refused(operators: Sequence[Mapping[str, Any]]) -> Iterator[Refused]:
    """Every operator, written bare where its operand may be absent, has no meaning."""
    for operator in operators:
        declaration = next(one for one in tables()["declarations"] if one["name"] == "optional")
        crossing = Crossing(operator, declaration, "bare", "allow")
        head = HEAD.format(fields="  unused: bool default false")
        issuer = ISSUER.format(name=crossing.issuer, host="x", claim=f"x: {crossing.declared}")
        yield Refused(f"{operator['name']} of what may be absent", head + issuer + _rules(crossing), "R204")


def _cases(crossing: Crossing) -> Iterator[Case]:
    for state, outcome in crossing.declaration["states"].items():
        strict = crossing.context == STRICT or STRICT not in crossing.declaration["contexts"]
        if outcome in REFUSING and not strict:
            continue
        for value, truth in _some(crossing, _values(crossing, state)):
            ask = _ask(crossing, state, value)
            if ask is not None:
                yield Case(f"{crossing.id}: {state} {value}", (Step(ask, _expect(crossing, outcome, truth)),))


def _some(crossing: Crossing, values: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """All of them where the declaration is broad and the context strict; else the first of each truth."""
    if crossing.context == STRICT and crossing.declaration.get("broad", False):
        return values
    return list({truth: (value, truth) for value, truth in reversed(values)}.values())


def _values(crossing: Crossing, state: str) -> list[tuple[str, bool]]:
    """What the source may have in a state, and whether the operator holds of it where it is a value."""
    operator = crossing.operator
    valid = [(value, True) for value in operator["true"]] + [(value, False) for value in operator["false"]]
    if crossing.is_unsplit:
        valid = [(value, truth) for value, truth in valid if not value.startswith('"')]
    match state:
        case "value":
            return valid
        case "wrong" if crossing.source == "path":
            return [(text, False) for text in crossing.type["misfit"]]
        case "outside" if crossing.source == "header":
            return [("é", False), ("a\tb", False)]
        case "wrong" | "outside":
            return [(value, False) for value in crossing.type[state]]
        case "twice":
            return valid[:1]
        case _:
            return [("", False)]


def _expect(crossing: Crossing, outcome: str, truth: bool) -> Expect:
    """What follows: the declaration's outcome, as a truth, in the context."""
    if outcome in REFUSING:
        return {"decision": REFUSING[outcome]}
    context = tables()["contexts"][crossing.context]
    found = json.dumps(context[_truth(crossing, outcome, truth)]).replace("{id}", crossing.id)
    expect: Expect = json.loads(found)
    return expect


def _truth(crossing: Crossing, outcome: str, truth: bool) -> str:
    if outcome == "absent":
        outcome = str(tables()["forms"][crossing.form]["absent"])
    words = {True: "true", False: "false"}
    match outcome:
        case "value":
            return words[truth]
        case "default":
            return words[bool(crossing.operator["default"])]
        case _:
            return outcome


def _ask(crossing: Crossing, state: str, value: str) -> Ask | None:
    """The request that puts the source into a state; None where a header cannot carry the value."""
    members = {
        "iss": json.dumps(f"https://{crossing.issuer.replace('_', '-')}.test"),
        "aud": '"api"',
        "exp": str(micros(NOW) // 1_000_000 + 600),
        "sub": '"u1"',
    }
    target, facts, twice = f"/{crossing.id}", dict[str, Any](), dict[str, str]()
    headers: tuple[tuple[str, str], ...] = ()
    match crossing.source:
        case "claims":
            members, twice = _token(crossing, state, value, members)
        case "metadata" if state not in {"absent", "down"}:
            facts = {crossing.field: None if state == "null" else json.loads(value)}
        case "header" if state != "absent":
            text = value if state == "outside" else str(json.loads(value))
            if state != "outside" and not _is_plain(text):
                return None
            headers = (("X-Operand", text),) * (2 if state == "twice" else 1)
        case "path":
            target += "/" + (value if state == "wrong" else quote(str(json.loads(value)), safe=""))
    payload = written(members, twice)
    return Ask(
        now=micros(NOW),
        method="GET",
        target=target,
        headers=headers,
        payload=payload,
        metadata=None if state == "down" else facts,
    )


def _token(
    crossing: Crossing, state: str, value: str, members: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The members of a token whose claim is in a state, and those that stand twice."""
    *parents, name = crossing.declaration.get("path", ["x"])
    match state:
        case "absent":
            inner: dict[str, str] = {}
        case "null":
            inner = {name: "null"}
        case "twice" if parents:
            return members | {parents[0]: written({name: value}, {name: value}).decode()}, {}
        case "twice":
            return members | {name: value}, {name: value}
        case "parent_absent":
            return members, {}
        case "parent_null":
            return members | {parents[0]: "null"}, {}
        case "parent_wrong":
            return members | {parents[0]: '"x"'}, {}
        case _:
            inner = {name: value}
    return members | ({parents[0]: written(inner).decode()} if parents else inner), {}


def _is_plain(text: str) -> bool:
    """Whether a header carries the text unchanged: printable ASCII without blanks at its ends."""
    return text == text.strip() and all(" " <= character <= "~" for character in text)
