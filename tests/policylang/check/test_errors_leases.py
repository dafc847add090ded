from pathlib import Path

import pytest

from policylang.check import errors_leases
from tests.policylang.check.error_pages import Complaint, complaints_of, prove


@pytest.mark.parametrize("complaint", complaints_of(errors_leases))
def test_the_page_of_each_complaint_is_true(complaint: Complaint, tmp_path: Path) -> None:
    prove(complaint, tmp_path)
