"""What is said of an allowed request, as items: header blocks, identity tokens, and the limits that are charged."""

import ast
from collections.abc import Mapping
from typing import Literal

from policylang.codegen import pyast as py
from policylang.codegen.analysis import Analysis
from policylang.codegen.emit_expr import expression, parts
from policylang.codegen.exprs import ABSENT, TOKEN
from policylang.codegen.narrowing import NOTHING
from policylang.codegen.scope import Scope, ScopedHeader, ScopedLimit, ScopedToken
from policylang.codegen.series import Member, series
from policylang.codegen.writer import Item, Writer
from policylang.plan.model import Claim, Expr
from policylang.request.fields import fold
from policylang.runtime.keys import limit_part, route_part
from policylang.runtime.operators import literal
from policylang.runtime.rendering import HeaderLine, text_of
from policylang.runtime.verdict import Charge

LINES_ADDED = 8
"""Lines that are put together by adding: faster than a call, as long as there are few."""

Elements = list[tuple[ast.expr, bool]]


class Said:
    """The items of one cell. ``secrets`` are the values that header rules name."""

    def __init__(self, scope: Scope, analysis: Analysis, selected: Item, secrets: Mapping[str, str]) -> None:
        self._scope = scope
        self._analysis = analysis
        self._selected = selected
        self._secrets = secrets
        self._textual = _textual(scope)
        self.request = self._block("request")
        self.response = self._block("response")
        self.mints = series("mints", [self._mint(token) for token in scope.tokens], _tuple)
        self.charges = series("charges", self._charge_members(), _tuple)

    def _block(self, direction: Literal["request", "response"]) -> Item:
        """The header lines of a direction, in the order of their folded names; None when one is refused."""
        headers = [header for header in self._scope.headers if header.declared.direction == direction]
        headers.sort(key=lambda header: fold(header.declared.name.encode("ascii")))
        return series((direction, "lines"), [self._line(header) for header in headers], _lines)

    def _line(self, header: ScopedHeader) -> Member:
        declared = header.declared
        line = HeaderLine(declared.name, declared.omit, declared.separator)
        if declared.secret is not None:
            sent = line.text(self._secrets[declared.secret])
            return Member(TOKEN, lambda writer: writer.cell.constants.bind(sent), declared.at)
        stage = self._analysis.stage_of(list(header.values))

        def build(writer: Writer) -> ast.expr:
            bound = writer.cell.bind_once(("line", declared.direction, declared.name), lambda: line)
            if declared.joined is not None:
                return py.call(py.attribute(bound, "joined"), expression(writer, header.values[0]))
            return py.call(py.attribute(bound, "text"), self._text(writer, header.values))

        return Member(stage, build, declared.at)

    def _text(self, writer: Writer, values: tuple[Expr, ...]) -> ast.expr:
        """The text of a template; None where a reference in it is absent or a fault."""
        if ABSENT in values:
            return py.none()
        guards: list[ast.expr] = []
        pieces: list[ast.expr] = []
        for value in values:
            if value[0] == "lit":
                pieces.append(py.const(text_of(literal(value))))
                continue
            more, core = parts(writer, value, NOTHING)
            guards += more
            pieces.append(core if value in self._textual else py.call("text_of", core))
        if len(pieces) == 1:
            text = pieces[0]
        else:
            text = ast.JoinedStr([p if isinstance(p, ast.Constant) else ast.FormattedValue(p, -1) for p in pieces])
        return py.choose(py.all_of(guards), text, py.none()) if guards else text

    def _mint(self, token: ScopedToken) -> Member:
        stage = self._analysis.stage_of([token.subject, *(value for _, value in token.members)])

        def build(writer: Writer) -> ast.expr:
            members = [py.pack(py.const(name), expression(writer, value)) for name, value in token.members]
            subject = self._text(writer, (token.subject,))
            return py.call("mint", py.const(token.number), subject, py.pack(*members))

        return Member(stage, build, token.declared.at)

    def _charge_members(self) -> list[Member]:
        limits = [self._charge(limit) for limit in self._scope.limits if _is_counted(limit)]
        if self._scope.select is None:
            return limits
        stage = max(TOKEN, self._analysis.select_stage)
        return [Member(stage, self._policy_charges, self._scope.select.at, several=True), *limits]

    def _policy_charges(self, writer: Writer) -> ast.expr:
        selected = writer.use(self._selected)
        charges = py.call("policy_charges", selected, writer.use(_counted()))
        if not self._analysis.select_faults:
            return charges
        return py.choose(py.is_none(py.again(selected)), py.pack(), charges)

    def _charge(self, limit: ScopedLimit) -> Member:
        declared = limit.declared
        amount = declared.rate or declared.quota or declared.concurrency
        prefix = limit_part(declared.name)

        def build(writer: Writer) -> ast.expr:
            if declared.by == "route":
                counted = route_part(self._scope.route.name)
                charge = Charge(declared.name, prefix + counted, amount, declared.on_outage)  # type: ignore[arg-type]
                return writer.cell.constants.bind(charge)
            by_identity = declared.by == "identity"
            part = writer.use(_counted()) if by_identity else py.call("value_part", expression(writer, limit.key))
            return py.call(
                "Charge",
                py.const(declared.name),
                py.binary(py.const(prefix), ast.Add(), part),
                writer.cell.bind_once(("amount", declared.name), lambda: amount),
                py.const(declared.on_outage),
            )

        stage = self._analysis.stage(limit.key) if declared.by == "ref" else TOKEN
        return Member(stage, build, declared.at)

    def needed(self) -> list[Expr]:
        """Values without which nothing can be said, as far as they may be absent: subjects and what limits count."""
        keys = [limit.key for limit in self._scope.limits if limit.declared.by == "ref"]
        values = [*(token.subject for token in self._scope.tokens), *keys]
        return [value for value in values if self._analysis.optional(value)]


def _is_counted(limit: ScopedLimit) -> bool:
    quota = limit.declared.quota
    return quota is None or quota.count is not None


def _counted() -> Item:
    """The part of counter keys that names the caller."""
    return Item("counted", TOKEN, lambda _: py.call("identity_part", py.name("identity")))


def _textual(scope: Scope) -> frozenset[Expr]:
    """The references whose values are texts already."""
    declared = scope.declared_issuer
    fields = scope.plan.metadata.fields if scope.plan.metadata is not None else ()
    found: list[Expr] = [("claim", claim.name) for claim in (declared.claims if declared else ()) if _is_text(claim)]
    found += [("meta", field.name) for field in fields if _is_text(field)]
    found += [("ip", "client"), ("ip", "peer")]
    segments = [s for pattern in scope.route.patterns for s in pattern.segments]
    segments += [label for host in scope.route.hosts for label in host]
    numbers = {s.text for s in segments if s.type is not None and s.type[0] == "int"}
    found += [("path", name) for name in scope.route.captures if name not in numbers]
    return frozenset(found)


def _is_text(claim: Claim) -> bool:
    return claim.type[0] not in ("int", "bool", "time", "set")


def _lines(writer: Writer, elements: Elements) -> ast.expr:
    """One block of all the lines, or None where one of them is."""
    if not elements:
        return py.const(b"")
    if len(elements) == 1:
        return elements[0][0]
    if len(elements) > LINES_ADDED:
        return py.call("block", py.pack(*(value for value, _ in elements)))
    lines = [value if py.is_simple(value) else py.name(writer.assign(value, "l")) for value, _ in elements]
    refused = ast.BoolOp(ast.Or(), [py.is_none(py.again(line)) for line in lines])
    together = lines[0]
    for line in lines[1:]:
        together = py.binary(together, ast.Add(), line)
    return py.choose(refused, py.none(), together)


def _tuple(_: Writer, elements: Elements) -> ast.expr:
    if len(elements) == 1 and elements[0][1]:
        return elements[0][0]
    return py.pack(*(py.spread(value) if several else value for value, several in elements))
