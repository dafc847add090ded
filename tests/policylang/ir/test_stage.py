from dataclasses import replace

import pytest

from policylang.check.model import Arm, In, Joined, Ref
from policylang.ir.lower import lower
from policylang.ir.stage import binding, grants_binding, stage
from policylang.plan.model import Binding, Expr
from tests.strategies.modules import BOOL, TEXTS, at, everything, meta, path, text

TOKEN, META, PATH = ("claim", "sub"), ("meta", "roles"), ("path", "tenant")


@pytest.mark.parametrize(
    ("expr", "stage_of"),
    [
        (("lit", "int", 1), "const"),
        (("not", ("lit", "bool", True)), "const"),
        (TOKEN, "token"),
        (("issuer", None), "token"),
        (("older", TOKEN, 5), "token"),
        (("older", META, 5), "identity"),
        (META, "identity"),
        (("present", META), "identity"),
        (PATH, "request"),
        (("header", "x-kind"), "request"),
        (("ip", "peer"), "request"),
        (("grants",), "identity"),
        (("and", TOKEN, META), "identity"),
        (("or", ("and", TOKEN, ("not", PATH)), META), "request"),
        (("else", ("header", "x"), ("lit", "text", "")), "request"),
        (("cmp", "eq", ("lit", "int", 1), ("add", TOKEN, ("lit", "int", 1))), "token"),
    ],
)
def test_the_latest_input_decides(expr: Expr, stage_of: Binding) -> None:
    assert binding((expr,), "identity") == stage_of


def test_many_expressions_have_the_latest_of_them() -> None:
    assert binding((), "request") == "const"
    assert binding((TOKEN, META, TOKEN), "token") == "identity"


@pytest.mark.parametrize(
    ("asked", "known"), [((), "token"), ((TOKEN,), "token"), ((TOKEN, META), "identity"), ((META, PATH), "request")]
)
def test_grants_are_known_when_the_last_select_is(asked: tuple[Expr, ...], known: Binding) -> None:
    assert grants_binding(asked) == known


def test_a_module_is_staged_in_its_own_order() -> None:
    module = everything()
    draft = stage(lower(module))
    found = {rule.name: placed and placed.binding for rule, placed in zip(module.rules, draft.rules, strict=True)}
    assert found == {
        "read": "token", "bulk": "identity", "ping": None, "odd": "request", "cross": "request", "risky": "token",
        "blocked": "identity", "slow": "token", "x": "identity",
    }  # fmt: skip
    assert [[placed and placed.binding for placed in arms] for arms in draft.arms] == [
        ["token", "identity", None], ["token", None],
    ]  # fmt: skip
    headers = {header.name: at for header, at in zip(module.set_headers, draft.set_headers, strict=True)}
    assert headers == {"X-User": "request", "X-Roles": "identity", "X-Key": "const", "X-Frame": "const"}
    assert draft.tokens == ("identity",)


def test_a_policy_named_by_a_reference_counts_for_grants() -> None:
    module = everything()
    every, first = module.selects

    def bulk(arm: Arm) -> Binding | None:
        selects = (replace(every, arms=(arm,)), replace(first, arms=first.arms[1:]))
        draft = stage(lower(replace(module, selects=selects)))
        index = [rule.name for rule in module.rules].index("bulk")
        placed = draft.rules[index]
        return None if placed is None else placed.binding

    assert bulk(Arm("free", None, at(0))) == "token"
    assert bulk(Arm(meta("tier", BOOL), None, at(0))) == "identity"
    kind = Ref(at(0), TEXTS, "header", "x-kind", True)
    assert bulk(Arm("free", In(at(0), BOOL, text("a"), kind), at(0))) == "request"
    assert bulk(Arm("free", In(at(0), BOOL, path("tenant"), kind), at(0))) == "request"


def test_places_are_kept_beside_the_expression() -> None:
    module = everything()
    draft = stage(lower(module))
    index = [rule.name for rule in module.rules].index("cross")
    placed = draft.rules[index]
    assert placed is not None
    assert placed.expr == ("not", ("cmp", "eq", ("claim", "tenant"), ("path", "tenant")))
    assert placed.spans == (at(71), at(70), at(31), at(69))


def test_a_header_or_token_that_carries_grants_waits_for_the_selects() -> None:
    module = everything()
    granted = Ref(at(0), TEXTS, "policy", "grants", False)
    header = next(header for header in module.set_headers if header.name == "X-Roles")
    assert isinstance(header.value, Joined)
    (token,) = module.identity_tokens
    carrying = replace(
        module,
        set_headers=(replace(header, value=replace(header.value, ref=granted)),),
        identity_tokens=(replace(token, claims=(("g", granted),)),),
    )
    draft = stage(lower(carrying))
    assert (draft.set_headers, draft.tokens) == (("identity",), ("identity",))
    early = replace(carrying, selects=tuple(replace(select, arms=()) for select in module.selects))
    draft = stage(lower(early))
    assert (draft.set_headers, draft.tokens) == (("token",), ("token",))
