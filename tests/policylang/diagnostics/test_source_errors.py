from typing import get_args

import pytest

from policylang.diagnostics.source_errors import source_trouble
from policylang.source.spans import NOWHERE, Span
from policylang.source.trouble import Trouble, TroubleKind

KINDS: tuple[TroubleKind, ...] = get_args(TroubleKind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_trouble_has_its_complaint(kind: TroubleKind) -> None:
    complaint = source_trouble(Trouble(kind, "keys/a.pem", reason="why", cap=4096))
    assert complaint.severity == "error"
    assert complaint.code.startswith("R7")
    assert complaint.span == NOWHERE


def test_no_two_troubles_share_a_code() -> None:
    codes = [source_trouble(Trouble(kind, "x")).code for kind in KINDS]
    assert len(set(codes)) == len(codes)


def test_a_trouble_points_at_its_file_or_where_it_was_named() -> None:
    assert source_trouble(Trouble("size", "b.rules", file=3, cap=4 * 1024 * 1024)).span == Span(3, 0, 0)
    assert source_trouble(Trouble("name", "../x"), Span(1, 5, 9)).span == Span(1, 5, 9)


def test_sizes_are_told_in_kib() -> None:
    assert "4,096 KiB" in source_trouble(Trouble("size", "b.rules", cap=4 * 1024 * 1024)).title
