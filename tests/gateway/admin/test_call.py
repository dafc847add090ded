"""What a handler is given."""

import pytest

from gateway.admin.call import Answer, Call


def test_a_parameter_that_is_text() -> None:
    assert Call({"identity": "ab"}).text("identity") == "ab"
    with pytest.raises(KeyError):
        Call().text("identity")


def test_bodies_are_in_no_representation() -> None:
    assert "hidden" not in repr(Call({}, "hidden")) + repr(Answer(200, {"secret": "hidden"}))
