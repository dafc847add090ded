"""The verdict of a cell as statements: denies, then allows, then what is said of an allowed request.

Each of the three is an item where all of its inputs are bound before the request: then the request stage only looks it
up. Law of this file: the order of the answers is that of the language reference, whatever is bound when.
"""

import ast
from collections.abc import Callable, Sequence
from functools import partial

from policylang.codegen import pyast as py
from policylang.codegen.analysis import Analysis
from policylang.codegen.emit_expr import expression
from policylang.codegen.emit_said import Said
from policylang.codegen.emit_select import may_refuse
from policylang.codegen.exprs import CONST, IDENTITY, REQUEST, TOKEN, UP
from policylang.codegen.scope import Scope, ScopedRule, reads_metadata
from policylang.codegen.writer import Item, Writer
from policylang.runtime.policies import REFUSED
from policylang.runtime.verdict import Kind, Verdict

NO_RULE = 1 << 40
"""Above every index of a rule: no allow holds so far."""

VERDICTS_AHEAD = 4
"""Allows for each of which a verdict is made before it is known which of them holds."""

RULES_TOGETHER = 24
"""Rules whose conditions one function evaluates: more are split, so that each is written and compiled in one go."""

Leave = Callable[[ast.expr], list[ast.stmt]]
"""The statements that end the verdict's code with a value."""


class Verdicts:
    """The verdict's items of one cell, and the statements that make them."""

    def __init__(self, scope: Scope, analysis: Analysis, selected: Item, said: Said) -> None:
        self._scope = scope
        self._analysis = analysis
        self._selected = selected
        self._said = said
        self._reads_metadata = reads_metadata(scope.said())
        self.shadows = self._shadows()
        self._rest_stage = self._stage_of_rest()
        conditions = [rule.condition for rule in scope.allows]
        self._tail_stage = max(self._rest_stage, analysis.stage_of(conditions))
        self.stage = max(self._tail_stage, analysis.stage_of([rule.condition for rule in scope.denies]))
        self._tail = Item("tail", self._tail_stage, lambda writer: once(writer, self.write_tail))
        self._whole = Item("verdict", self.stage, lambda writer: once(writer, self.write))

    def write(self, writer: Writer, leave: Leave) -> None:
        """The whole verdict."""
        if self.stage < writer.stage:
            leave_with(writer, leave, writer.use(self._whole))
            return
        self.write_denies(writer, leave)
        self.write_tail(writer, leave)

    def write_denies(self, writer: Writer, leave: Leave) -> None:
        """Leave when a deny is true or has no answer."""
        denies = self._scope.denies
        if not denies:
            return
        late = [rule for rule in denies if self._stage(rule) >= REQUEST]
        if writer.stage < REQUEST or not late:
            objections = writer.use(self._objections(denies))
            writer.add(py.when(objections, leave(self._objection(writer, py.again(objections)))))
            return
        early = [rule for rule in denies if self._stage(rule) < REQUEST]
        refuse = [py.name(name) for name in ("token", "identity", "request")]
        if early:
            writer.add(py.when(writer.use(self._objections(early)), leave(py.call("refuse", *refuse))))
        for chunk in chunks(late):
            if len(late) == len(chunk):
                self._write_tests(writer, chunk, lambda: leave(py.call("refuse", *map(py.again, refuse))))
            else:
                some = writer.apart(partial(self._write_any, denies=chunk))
                writer.add(py.when(some, leave(py.call("refuse", *map(py.again, refuse)))))

    def _write_tests(self, writer: Writer, denies: Sequence[ScopedRule], then: Callable[[], list[ast.stmt]]) -> None:
        """Statements for each deny that is not false."""
        for rule in denies:
            with writer.placed(rule.at):
                value = expression(writer, rule.condition)
                if self._analysis.faults(rule.condition):
                    value = py.compare(value, ast.IsNot(), py.const(False))
                writer.add(py.when(value, then()))

    def _write_any(self, writer: Writer, denies: Sequence[ScopedRule]) -> None:
        self._write_tests(writer, denies, lambda: writer.result(py.const(True)))
        leave_with(writer, writer.result, py.const(False))

    def writes_refuse(self) -> bool:
        """Whether the request stage calls a function that gathers all objections."""
        return self.stage == REQUEST and any(self._stage(rule) >= REQUEST for rule in self._scope.denies)

    def write_refuse(self, writer: Writer) -> None:
        """The body of that function."""
        objections = writer.use(self._objections(self._scope.denies))
        writer.add(ast.Return(self._objection(writer, objections)))

    def write_tail(self, writer: Writer, leave: Leave) -> None:
        """Allows, select, rendering and charges."""
        if self._tail_stage < writer.stage:
            leave_with(writer, leave, writer.use(self._tail))
        elif self._rest_stage < writer.stage and len(self._scope.allows) <= VERDICTS_AHEAD:
            self._write_choice(writer, leave)
        else:
            self._write_allow(writer, leave)

    def _write_choice(self, writer: Writer, leave: Leave) -> None:
        """What an allow leads to was made before: only which allow it is remains to be seen."""
        early, late = self._split(writer)
        granted = writer.use(self._granted(early)) if early else None
        for rule in late:
            with writer.placed(rule.at):
                test = expression(writer, rule.condition)
                if granted is not None:
                    test = py.all_of([py.compare(py.again(granted), ast.Gt(), py.const(rule.number)), test])
                writer.add(py.when(test, leave(writer.use(self._allowed_by(rule.number)))))
        if granted is not None:
            some = py.compare(py.again(granted), ast.NotEq(), py.const(NO_RULE))
            writer.add(py.when(some, leave(writer.use(self._allowed_by_any(early)))))
        self._write_withheld(writer, leave)

    def _write_allow(self, writer: Writer, leave: Leave) -> None:
        early, late = self._split(writer)
        rule = writer.assign(writer.use(self._granted(early)) if early else py.const(NO_RULE), "r")
        for chunk in chunks(late):
            if len(chunk) == len(late):
                self._write_grants(writer, chunk, rule)
            else:
                first = writer.apart(partial(self._write_first, allows=chunk))
                earlier = py.compare(py.name(rule), ast.Gt(), py.again(first))
                writer.add(py.when(earlier, [py.assign(rule, first)]))
        with writer.nested() as none:
            self._write_withheld(writer, leave)
        writer.add(py.when(py.compare(py.name(rule), ast.Eq(), py.const(NO_RULE)), none))
        self._write_rest(writer, leave, py.name(rule))

    def _write_grants(self, writer: Writer, allows: Sequence[ScopedRule], rule: str) -> None:
        """Assign the first of some allows that is true to ``rule``, unless that holds an earlier one."""
        for allow in allows:
            with writer.placed(allow.at):
                before = py.compare(py.name(rule), ast.Gt(), py.const(allow.number))
                test = py.all_of([before, expression(writer, allow.condition)])
                writer.add(py.when(test, [py.assign(rule, py.const(allow.number))]))

    def _write_first(self, writer: Writer, allows: Sequence[ScopedRule]) -> None:
        for allow in allows:
            with writer.placed(allow.at):
                writer.add(py.when(expression(writer, allow.condition), writer.result(py.const(allow.number))))
        leave_with(writer, writer.result, py.const(NO_RULE))

    def _split(self, writer: Writer) -> tuple[list[ScopedRule], list[ScopedRule]]:
        """Allows that earlier stages know, and the others; before the request, all are taken in order."""
        early: list[ScopedRule] = []
        late: list[ScopedRule] = []
        for allow in self._scope.allows:
            (early if writer.stage == REQUEST and self._stage(allow) < REQUEST else late).append(allow)
        return early, late

    def _write_withheld(self, writer: Writer, leave: Leave) -> None:
        """No allow is true."""
        scope = self._scope
        uncertain = [rule for rule in scope.allows if self._analysis.faults(rule.condition)]
        if not uncertain and not scope.shadows:
            verdict = writer.cell.bind_once("withheld", lambda: Verdict(scope.otherwise))
            leave_with(writer, leave, verdict)
            return
        faults = writer.use(self._unanswered(uncertain)) if uncertain else py.pack()
        shadows = writer.use(self.shadows)
        leave_with(writer, leave, py.call("withheld", py.const(scope.otherwise), faults, shadows))

    def _write_rest(self, writer: Writer, leave: Leave, rule: ast.expr) -> None:
        """What follows once an allow holds: select, rendering, charges."""
        said = self._said
        selected = None if self._scope.select is None else writer.use(self._selected)
        if selected is not None and self._analysis.select_faults:
            writer.add(py.when(py.is_none(py.again(selected)), leave(self._refused(writer, "policy_fault"))))
        if selected is not None and may_refuse(self._scope):
            refused = writer.cell.bind_once(("selected", id(REFUSED)), lambda: REFUSED)
            test = py.compare(py.again(selected), ast.Is(), refused)
            writer.add(py.when(test, leave(self._refused(writer, "policy_refused"))))
        policies = py.pack() if selected is None else py.attribute(py.again(selected), "policies")
        if self._reads_metadata:
            up = writer.use(Item(UP, IDENTITY, lambda there: expression(there, UP)))
            writer.add(py.when(py.negated(up), leave(self._refused(writer, "render_fault", policies))))
        blocks = [writer.use(said.request), writer.use(said.response)]
        for needed in [*blocks, *(expression(writer, value) for value in said.needed())]:
            if not isinstance(needed, ast.Constant) or needed.value is None:
                test = py.is_none(py.again(needed))
                writer.add(py.when(test, leave(self._refused(writer, "render_refused", self._policies(selected)))))
        parts = [rule, self._policies(selected), py.pack(), py.pack(), writer.use(said.charges), *blocks]
        parts += [writer.use(said.mints), writer.use(self.shadows)]
        leave_with(writer, leave, py.call("Verdict", py.const("allow"), *parts))

    def _policies(self, selected: ast.expr | None) -> ast.expr:
        return py.pack() if selected is None else py.attribute(py.again(selected), "policies")

    def _refused(self, writer: Writer, kind: Kind, policies: ast.expr | None = None) -> ast.expr:
        """A refusal after an allow held: no rule decided it."""
        call = py.call("Verdict", py.const(kind), py.const(-1), policies or py.pack())
        if self._scope.shadows:
            call.keywords.append(ast.keyword("shadows", writer.use(self.shadows)))
        return call

    def _objection(self, writer: Writer, objections: ast.expr) -> ast.expr:
        acr = {rule.number: rule.step_up for rule in self._scope.denies if rule.step_up is not None}
        return py.call("objection", writer.cell.bind_once("acr", lambda: acr), objections, writer.use(self.shadows))

    def _stage(self, rule: ScopedRule) -> int:
        return self._analysis.stage(rule.condition)

    def _stage_of_rest(self) -> int:
        said = self._said
        stages = [said.request.stage, said.response.stage, said.mints.stage, said.charges.stage, self.shadows.stage]
        if self._scope.select is not None:
            stages.append(self._selected.stage)
        if self._reads_metadata:
            stages.append(IDENTITY)
        return max(stages)

    def _rules_item(self, key: str, rules: Sequence[ScopedRule], build: Callable[[Writer], ast.expr]) -> Item:
        stage = self._analysis.stage_of([rule.condition for rule in rules])
        return Item((key, *(rule.number for rule in rules)), stage, build)

    def _shadows(self) -> Item:
        rules = self._scope.shadows
        if not rules:
            return Item("shadows", CONST, lambda _: py.pack())

        def said(writer: Writer, some: Sequence[ScopedRule]) -> ast.expr:
            pairs = []
            for rule in some:
                with writer.placed(rule.at):
                    value = expression(writer, rule.condition)
                    pairs.append(py.pack(py.const(rule.number), py.name(writer.assign(value, "w"))))
            return py.pack(*pairs)

        return self._rules_item("shadows", rules, lambda writer: in_parts(writer, rules, said))

    def _gathered(self, key: str, rules: Sequence[ScopedRule], wanted: Callable[[ast.expr], ast.expr]) -> Item:
        """Pairs or numbers of those rules whose condition is as ``wanted``, added up in a tuple."""

        def found(writer: Writer, some: Sequence[ScopedRule]) -> ast.expr:
            total = writer.assign(py.pack(), "x")
            for rule in some:
                with writer.placed(rule.at):
                    value = py.name(writer.assign(expression(writer, rule.condition), "b"))
                    element: ast.expr = py.const(rule.number)
                    if key == "objections":
                        element = py.pack(element, py.choose(py.again(value), py.const(True), py.none()))
                    more = py.pack(py.spread(py.name(total)), element)
                    writer.add(py.when(wanted(value), [py.assign(total, more)]))
            return py.name(total)

        def build(writer: Writer) -> ast.expr:
            early = [rule for rule in rules if self._is_early(rule, writer)]
            late = [rule for rule in rules if not self._is_early(rule, writer)]
            before = [py.spread(writer.use(self._gathered(key, early, wanted)))] if early else []
            if not late:
                return before[0].value
            after = in_parts(writer, late, found)
            return py.pack(*before, py.spread(after)) if before else after

        return self._rules_item(key, rules, build)

    def _is_early(self, rule: ScopedRule, writer: Writer) -> bool:
        return max(TOKEN, self._stage(rule)) < writer.stage

    def _objections(self, rules: Sequence[ScopedRule]) -> Item:
        """(rule, True or None) for each deny that is not false."""
        return self._gathered("objections", rules, lambda v: py.compare(v, ast.IsNot(), py.const(False)))

    def _unanswered(self, rules: Sequence[ScopedRule]) -> Item:
        """The allows without an answer."""
        return self._gathered("unanswered", rules, py.is_none)

    def _granted(self, rules: Sequence[ScopedRule]) -> Item:
        """The first of some allows that is true, or NO_RULE."""

        def build(writer: Writer) -> ast.expr:
            first = writer.assign(py.const(NO_RULE), "r")
            for chunk in chunks(rules):
                if len(chunk) == len(rules):
                    self._write_grants(writer, chunk, first)
                else:
                    found = writer.apart(partial(self._write_first, allows=chunk))
                    earlier = py.compare(py.name(first), ast.Gt(), py.again(found))
                    writer.add(py.when(earlier, [py.assign(first, found)]))
            return py.name(first)

        return self._rules_item("granted", rules, build)

    def _allowed_by(self, number: int) -> Item:
        """The verdict when this allow is the first that holds."""

        def write(writer: Writer, leave: Leave) -> None:
            self._write_rest(writer, leave, py.const(number))

        return Item(("allowed by", number), self._rest_stage, lambda writer: once(writer, write))

    def _allowed_by_any(self, early: Sequence[ScopedRule]) -> Item:
        """The verdict when the first allow that holds is one that was known before the request."""
        granted = self._granted(early)

        def write(writer: Writer, leave: Leave) -> None:
            self._write_rest(writer, leave, writer.use(granted))

        stage = max(self._rest_stage, granted.stage)
        return Item(("allowed by", "any"), stage, lambda writer: once(writer, write))


def once(writer: Writer, write: Callable[[Writer, Leave], None]) -> ast.expr:
    """A value that is made by statements which leave early: a loop of one pass."""
    result = writer.fresh("v")
    with writer.nested() as loop:
        write(writer, lambda value: [py.assign(result, value), ast.Break()])
    writer.add(ast.While(py.const(True), loop, []))
    return py.name(result)


def chunks(rules: Sequence[ScopedRule]) -> list[Sequence[ScopedRule]]:
    """The rules, so many at a time."""
    return [rules[i : i + RULES_TOGETHER] for i in range(0, len(rules), RULES_TOGETHER)]


def in_parts(
    writer: Writer, rules: Sequence[ScopedRule], build: Callable[[Writer, Sequence[ScopedRule]], ast.expr]
) -> ast.expr:
    """A tuple made of some rules; of many, each chunk in a function of its own."""
    together = chunks(rules)
    if len(together) == 1:
        return build(writer, rules)

    def write(part: Writer, some: Sequence[ScopedRule]) -> None:
        leave_with(part, part.result, build(part, some))

    made = [writer.apart(partial(write, some=chunk)) for chunk in together]
    return py.pack(*map(py.spread, made))


def leave_with(writer: Writer, leave: Leave, value: ast.expr) -> None:
    """Leave with a value."""
    for statement in leave(value):
        writer.add(statement)
