from policylang.mutation.generate import in_turn, mutants_of
from tests.policylang.mutation.mutated import BASE, rule_set
from tests.policylang.mutation.rich import RICH


def test_every_mutant_once_in_the_order_of_the_source() -> None:
    found = rule_set(RICH)
    mutants = mutants_of(found.written)
    assert [mutant.span for mutant in mutants] == sorted(mutant.span for mutant in mutants)
    assert len({mutant.edits for mutant in mutants}) == len(mutants)
    assert len(mutants) > 100


def test_every_operator_finds_something_in_a_rich_rule_set() -> None:
    names = {mutant.operator for mutant in mutants_of(rule_set(RICH).written)}
    assert names == {
        "drop_condition", "drop_guard", "flip_junction", "flip_comparison", "flip_membership", "flip_quantifier",
        "flip_presence", "flip_issuer", "flip_text_test", "negate", "change_number", "change_constant", "drop_item",
        "swap_effect", "drop_rule", "drop_unless", "drop_until", "drop_methods", "drop_step_up", "narrow_scope",
        "widen_scope", "drop_arm", "swap_arms", "widen_path", "drop_trust", "drop_header", "drop_removal", "drop_omit",
        "drop_identity_token", "drop_minted_claim", "change_rate", "change_burst", "change_quota", "drop_grant",
        "drop_limit",
    }  # fmt: skip


def test_every_mutant_changes_the_text_and_says_what_would_notice_it() -> None:
    found = rule_set(RICH)
    for mutant in mutants_of(found.written):
        assert mutant.before(found.tree) != mutant.after(found.tree)
        assert mutant.applied(found.tree).files[0].text != found.tree.files[0].text
        assert mutant.hint.endswith(".")
        assert mutant.shown.start <= mutant.edits[0].span.start
        assert mutant.edits[-1].span.end <= max(mutant.shown.end, mutant.span.end) or mutant.operator.startswith(
            "drop_"
        )


def test_the_turn_of_a_mutant_does_not_depend_on_other_rules() -> None:
    small, more = rule_set(BASE + 'deny d on solo when claims.plan == "gold"\n'), rule_set(
        f'{BASE}\n\n# more\ndeny c on both when claims.staff\ndeny d on solo when claims.plan == "gold"\n'
    )  # fmt: skip

    def turns(found: object, of: set[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        assert isinstance(found, type(small))
        ordered = in_turn(mutants_of(found.written), found.written)
        keys = [(one.operator, one.before(found.tree), one.after(found.tree)) for one in ordered]
        return [key for key in keys if key in of]

    of = set(turns(small, {(m.operator, m.before(small.tree), m.after(small.tree)) for m in mutants_of(small.written)}))
    assert turns(small, of) == turns(more, of)
    spread = [one.span for one in in_turn(mutants_of(more.written), more.written)]
    assert spread != sorted(spread)
