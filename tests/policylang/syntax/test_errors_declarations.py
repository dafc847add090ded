from policylang.source.spans import Span
from policylang.syntax import errors_declarations as errors

AT = Span(0, 3, 7)


def test_each_complaint_points_at_its_place_and_says_what_to_write() -> None:
    assert errors.empty_member_path(AT).span == AT
    assert errors.empty_member_path(AT).help == ('write "member" or ["outer", "inner"]',)
    assert errors.bad_cookie_name(AT).span == AT


def test_a_repeated_modifier_is_named() -> None:
    assert errors.repeated_modifier(AT, "null as absent").title == "`null as absent` is there twice"
