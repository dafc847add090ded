import pytest

from policylang.check import errors_expr_names
from tests.policylang.check.error_pages import Complaint, complaints_of
from tests.policylang.check.expr_pages import prove


@pytest.mark.parametrize("complaint", complaints_of(errors_expr_names))
def test_the_page_of_each_complaint_is_true(complaint: Complaint) -> None:
    prove(complaint)
