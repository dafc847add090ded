from dataclasses import replace

import pytest

from policylang.plan.model import Keys
from tests.strategies.tokens import CORP


@pytest.mark.parametrize(
    ("kind", "algorithms", "opaque"),
    [
        ("keyring", (), True),
        ("keyring", ("HS256",), False),
        ("url", ("ES256",), False),
        ("secret", ("HS256",), False),
        ("discovered", (), False),
    ],
)
def test_an_issuer_without_algorithms_whose_keys_are_a_keyrings_is_opaque(
    kind: str, algorithms: tuple[str, ...], opaque: bool
) -> None:
    keys = replace(Keys("url", "k"), kind=kind)  # type: ignore[arg-type]
    assert replace(CORP, keys=keys, algorithms=algorithms).opaque is opaque
