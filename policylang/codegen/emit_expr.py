"""Expressions as Python: two values where an expression always has one, three (None is a fault) where it may not.

Law of this file: what is written never raises, whatever is absent or faulted: a subexpression that was hoisted out of
its guard is evaluated without it, and gives None.
"""

import ast

from policylang.codegen import pyast as py
from policylang.codegen.exprs import IDENTITY, TOKEN, UP
from policylang.codegen.junction import join
from policylang.codegen.narrowing import NOTHING, Known, narrowed
from policylang.codegen.writer import Item, Writer
from policylang.plan.model import Expr
from policylang.runtime.operators import Glob, Networks, literal

SECOND = 1_000_000

_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "eq": ast.Eq, "ne": ast.NotEq, "lt": ast.Lt, "le": ast.LtE, "gt": ast.Gt, "ge": ast.GtE,
}  # fmt: skip

Parts = tuple[list[ast.expr], ast.expr]
"""Guards, and what the value is where all of them hold; where one does not, there is none."""

_REFERENCES = ("claim", "meta", "path", "header", "shadowed", "ip", "grants")


def expression(writer: Writer, expr: Expr, known: Known = NOTHING) -> ast.expr:
    """The value of an expression; None for a fault, and for a reference that is absent."""
    if expr[0] in _REFERENCES:
        return _reference(writer, expr)
    if expr[0] in ("fault", "absent"):
        return py.none()
    if expr[0] in ("and", "or", "not") and writer.analysis.stage(expr) == writer.stage:
        return _logic(writer, expr, known)
    guards, core = parts(writer, expr, known)
    return py.choose(py.all_of(guards), core, py.none()) if guards else core


def parts(writer: Writer, expr: Expr, known: Known) -> Parts:
    """The value of an expression for an operator that needs it."""
    op = expr[0]
    if op == "lit":
        return [], py.const(literal(expr))
    if op in ("fault", "absent"):
        return [py.const(False)], py.none()
    faults = writer.analysis.faults(expr, known)
    if op in _REFERENCES:
        core = _reference(writer, expr)
        return [py.is_not_none(py.again(core))] if faults else [], core
    if writer.analysis.stage(expr) < writer.stage:
        core = _hoisted(writer, expr)
        return [py.is_not_none(py.again(core))] if faults else [], core
    match op:
        case "and" | "or" | "not":
            value = _logic(writer, expr, known)
            return _kept(writer, value) if faults else ([], value)
        case "up":
            return [], py.is_not_none(py.name("fields"))
        case "before":
            return [], _before(writer, expr)
        case "older":
            core = _older(writer, expr)
            return [py.is_not_none(py.again(core))] if faults else [], core
        case "present":
            guards, core = _asked(writer, expr[1])
            return guards, py.is_not_none(core)
        case "else":
            return _coalesced(writer, expr, known)
        case _:
            return _strict(writer, expr, known)


def item_of(writer: Writer, expr: Expr) -> Item:
    """An expression as an item of its own stage, evaluated without any guard."""
    return Item(("expr", expr), writer.analysis.stage(expr), lambda there: expression(there, expr), writer.at)


def _hoisted(writer: Writer, expr: Expr) -> ast.expr:
    return writer.use(item_of(writer, expr))


def _kept(writer: Writer, value: ast.expr) -> Parts:
    """A three-valued expression as parts: its value is kept by the guard that looks at it."""
    if py.is_simple(value):
        return [py.is_not_none(py.again(value))], value
    kept = writer.fresh("t")
    return [py.is_not_none(py.named(kept, value))], py.name(kept)


def _reference(writer: Writer, ref: Expr) -> ast.expr:
    """A reference's value as a simple node; None where it is absent or a fault."""
    if writer.analysis.stage(ref) < writer.stage:
        return _hoisted(writer, ref)
    layout = writer.cell.layout
    match ref[0]:
        case "claim":
            return writer.local(ref, lambda: py.nth("claims", layout.claims[ref[1]]), "c")
        case "meta":
            value = py.nth("fields", layout.fields[ref[1]])
            return writer.local(ref, lambda: py.choose(py.is_none(py.name("fields")), py.none(), value), "m")
        case "path":
            captures = py.attribute(py.name("request"), "captures")
            return writer.local(ref, lambda: py.item(captures, py.const(layout.captures[ref[1]])), "p")
        case "header" | "shadowed":
            get = py.attribute(py.attribute(py.name("request"), "headers"), "get")
            return writer.local(ref, lambda: py.call(get, py.const(ref[1])), "h")
        case "ip":
            return writer.local(ref, lambda: py.attribute(py.name("request"), f"{ref[1]}_ip"), "a")
        case _:
            return writer.local(ref, lambda: _grants(writer), "g")


def _grants(writer: Writer) -> ast.expr:
    selected = writer.use(writer.cell.selected)
    grants = py.attribute(py.again(selected), "grants")
    return py.choose(py.is_none(selected), py.none(), grants) if writer.analysis.select_faults else grants


def _asked(writer: Writer, ref: Expr) -> Parts:
    """A reference where absence is an answer: guarded against a fault alone."""
    core = _reference(writer, ref)
    if not writer.analysis.reference_faults(ref):
        return [], core
    match ref[0]:
        case "meta":
            return [writer.use(Item(UP, IDENTITY, lambda there: parts(there, UP, NOTHING)[1]))], core
        case "shadowed":
            unreadable = py.attribute(py.name("request"), "unreadable")
            return [py.compare(py.const(ref[1]), ast.NotIn(), unreadable)], core
        case _:
            return [py.is_not_none(py.again(core))], core


def _coalesced(writer: Writer, expr: Expr, known: Known) -> Parts:
    guards, ref = _asked(writer, expr[1])
    inner, default = parts(writer, expr[2], known)
    if not inner:
        return guards, py.choose(py.is_none(py.again(ref)), default, ref)
    lacking = py.choose(py.all_of(inner), default, py.none())
    more, core = _kept(writer, py.choose(py.is_none(py.again(ref)), lacking, ref))
    return [*guards, *more], core


def _strict(writer: Writer, expr: Expr, known: Known) -> Parts:
    """An operator that needs all of its operands."""
    op = expr[0]
    if op in ("cmp", "meets"):
        first, second = expr[2], expr[3]
    elif op in ("starts", "ends", "glob"):
        guards, subject = parts(writer, expr[1], known)
        return guards, _text_test(writer, op, subject, expr[2])
    else:
        first, second = expr[1], expr[2]
    guards, left = parts(writer, first, known)
    if op == "innet" and second[0] == "lit":
        compiled = writer.cell.bind_once(("nets", second), lambda: Networks(second[2]))
        return guards, py.item(compiled, left)
    more, right = parts(writer, second, known)
    return [*guards, *more], _applied(expr, left, right)


def _applied(expr: Expr, left: ast.expr, right: ast.expr) -> ast.expr:
    match expr[0]:
        case "cmp":
            return py.compare(left, _COMPARISONS[expr[1]](), right)
        case "in":
            return py.compare(left, ast.In(), right)
        case "innet":
            return py.call("within", left, right)
        case "meets" if expr[1] == "all":
            return py.compare(left, ast.LtE(), right)
        case "meets":
            return py.negated(py.call(py.attribute(left, "isdisjoint"), right))
        case "add":
            return py.binary(left, ast.Add(), right)
        case _:
            return py.binary(left, ast.Sub(), right)


def _text_test(writer: Writer, op: str, subject: ast.expr, pattern: str) -> ast.expr:
    if op == "glob":
        compiled = writer.cell.bind_once(("glob", pattern), lambda: Glob(pattern))
        return py.call(py.attribute(compiled, "matches"), subject)
    return py.call(py.attribute(subject, "startswith" if op == "starts" else "endswith"), py.const(pattern))


def _logic(writer: Writer, expr: Expr, known: Known) -> ast.expr:
    """``and``, ``or`` and ``not``: None where they may be without an answer and are."""
    return _negation(writer, expr[1], known) if expr[0] == "not" else _junction(writer, expr, known)


def _negation(writer: Writer, operand: Expr, known: Known) -> ast.expr:
    value = expression(writer, operand, known)
    if not writer.analysis.faults(operand, known):
        return py.negated(value)
    guards, core = _kept(writer, value)
    return py.choose(py.all_of(guards), py.negated(core), py.none())


def _junction(writer: Writer, expr: Expr, known: Known) -> ast.expr:
    """``and`` and ``or``. What earlier stages can evaluate is one operand, the first; the others keep their order."""
    op, operands = expr[0], expr[1:]
    early = [operand for operand in operands if writer.analysis.stage(operand) < writer.stage]
    if len(early) > 1:
        late = [operand for operand in operands if writer.analysis.stage(operand) >= writer.stage]
        operands = ((op, *early), *late)
    elif early:
        operands = (*early, *(operand for operand in operands if operand != early[0]))
    written: list[tuple[ast.expr, bool]] = []
    for operand in operands:
        written.append((expression(writer, operand, known), writer.analysis.faults(operand, known)))
        known |= narrowed(operand, op == "and")
    return join(op, written, lambda: writer.fresh("t"))


def _before(writer: Writer, expr: Expr) -> ast.expr:
    """Whether now is before an instant; what follows from it holds until then, or from then on."""

    def build() -> ast.expr:
        instant = expr[1] * SECOND
        early = writer.assign(py.compare(py.name("now"), ast.Lt(), py.const(instant)), "o")
        writer.add(py.when(py.name(early), _until(py.const(instant)), _since(py.const(instant))))
        return py.name(early)

    return writer.local(expr, build)


def _older(writer: Writer, expr: Expr) -> ast.expr:
    """``now - ref > micros``, exactly: false up to and including the instant ``ref + micros``, true after it."""
    _, ref, micros = expr

    def build() -> ast.expr:
        guards, seconds = parts(writer, ref, NOTHING)
        answer = writer.fresh("o")
        with writer.nested() as body:
            in_micros = py.binary(seconds, ast.Mult(), py.const(SECOND))
            flips = writer.assign(py.binary(in_micros, ast.Add(), py.const(micros + 1)), "f")
            if writer.stage == TOKEN:
                writer.add(py.assign(answer, py.compare(py.name("now"), ast.GtE(), py.name(flips))))
                writer.add(py.when(py.name(answer), _since(py.name(flips)), _until(py.name(flips))))
            else:
                now = py.attribute(py.name("request"), "now")
                writer.add(py.assign(answer, py.compare(now, ast.GtE(), py.name(flips))))
        if guards:
            writer.add(py.when(py.all_of(guards), body, [py.assign(answer, py.none())]))
        else:
            for statement in body:
                writer.add(statement)
        return py.name(answer)

    return writer.local(expr, build)


def _since(instant: ast.expr) -> list[ast.stmt]:
    later = py.compare(py.again(instant), ast.Gt(), py.name("valid_from"))
    return [py.when(later, [py.assign("valid_from", instant)])]


def _until(instant: ast.expr) -> list[ast.stmt]:
    earlier = py.compare(py.again(instant), ast.Lt(), py.name("valid_until"))
    return [py.when(earlier, [py.assign("valid_until", instant)])]
