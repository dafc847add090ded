from policylang.linter.scope import MOST, at_least_as_wide, for_good, is_wide, rivals
from policylang.linter.subject import Subject
from policylang.source.tree import tree_of
from policylang.syntax.nodes import RuleSet
from policylang.syntax.trivia import Trivia
from tests.policylang.linter.linting import compiled
from tests.strategies.checked import module, route, rule

ROUTES = (route("r", "/r", ("GET", "POST")), route("s", "/s"))


def subject(*rules: object) -> Subject:
    made = module(*rules, routes=ROUTES)  # type: ignore[arg-type]
    return Subject(made, RuleSet(()), tree_of({}), Trivia(()))


def test_rivals_are_those_of_the_quietest_route() -> None:
    both, one, other = rule("allow", "a", routes=("r", "s")), rule("allow", "b"), rule("allow", "c", routes=("s",))
    more = rule("allow", "d")
    seen = subject(both, one, other, more)
    assert list(rivals(both, seen.allows_by_route)) == [other]
    assert list(rivals(one, seen.allows_by_route)) == [both, more]


def test_there_is_a_bound() -> None:
    many = [rule("allow", f"a{number:04}") for number in range(MOST + 50)]
    seen = subject(*many)
    assert len(list(rivals(many[-1], seen.allows_by_route))) == MOST


def test_routes_and_methods_both_count() -> None:
    wide, narrow = rule("allow", "a", routes=("r", "s")), rule("allow", "b", methods=("GET",))
    seen = subject(wide, narrow)
    assert at_least_as_wide(wide, narrow, seen)
    assert not at_least_as_wide(narrow, wide, seen)
    assert not at_least_as_wide(narrow, rule("allow", "c"), seen)
    assert at_least_as_wide(narrow, rule("allow", "c", methods=("GET",)), seen)


def test_wide_scopes_take_in_what_is_added_later() -> None:
    text = """deny named on orders when claims.risk absent
deny everywhere on all when claims.risk absent
deny by_path on routes with path.tenant when claims.risk absent
deny by_issuer on routes trusting corp when claims.risk absent
"""
    result = compiled(text)
    assert result.module is not None
    assert result.parsed is not None
    seen = Subject(result.module, result.parsed.rule_set, result.tree, result.parsed.trivia)
    by_name = {each.name: each for each in seen.denies}
    assert [name for name, each in by_name.items() if is_wide(each, seen)] == ["by_issuer", "by_path", "everywhere"]
    lasting = {(a, b) for a in by_name for b in by_name if for_good(by_name[a], by_name[b], seen)}
    assert {a for a, b in lasting if b == "by_path"} == {"by_path", "everywhere"}
    assert {a for a, b in lasting if b == "named"} == set(by_name)
    assert {a for a, b in lasting if b == "everywhere"} == {"everywhere"}
