import pytest

from policylang.check.model import Ref
from policylang.linter.personal import PERSONAL, SUBJECTS, is_personal
from policylang.source.spans import NOWHERE
from policylang.typesys.terms import Email, SetOf, Slug, Text, Type
from tests.strategies.checked import claim, issuer, module

MODULE = module(
    issuers=(
        issuer(
            "corp",
            claim("who", Text(), source=("profile", "email")),
            claim("fixed", Slug(), source=("name",), always="x"),
        ),
    )
)
NAMES = frozenset(PERSONAL.default) if isinstance(PERSONAL.default, tuple) else frozenset()


@pytest.mark.parametrize(
    ("root", "name", "type_", "answer"),
    [
        ("claims", "email", Text(), True),
        ("claims", "contact", Email(), True),
        ("claims", "contacts", SetOf(Email()), True),
        ("claims", "who", Text(), True),
        ("claims", "fixed", Slug(), False),
        ("claims", "plan", Slug(), False),
        ("metadata", "phone", Text(), True),
        ("path", "name", Slug(), False),
        ("header", "email", Text(), False),
    ],
)
def test_by_type_by_name_and_by_source(root: str, name: str, type_: Type, answer: bool) -> None:
    ref = Ref(NOWHERE, type_, root, name, False)  # type: ignore[arg-type]
    assert is_personal(ref, NAMES, MODULE) is answer


def test_the_lists_do_not_share_a_name() -> None:
    assert isinstance(SUBJECTS.default, tuple)
    assert NAMES.isdisjoint(SUBJECTS.default)
    assert list(SUBJECTS.default) == sorted(SUBJECTS.default)
