from policylang.plan.refused import PlanRefused


def test_steps_are_put_before_the_place() -> None:
    refused = PlanRefused("", "not a text").within("name").within(3).within("rules")
    assert (refused.where, refused.what) == ("/rules/3/name", "not a text")
    assert str(refused) == "/rules/3/name: not a text"


def test_the_document_itself_has_a_place() -> None:
    assert str(PlanRefused("", "not JSON")) == "/: not JSON"


def test_it_is_a_value_error() -> None:
    assert isinstance(PlanRefused("", ""), ValueError)
