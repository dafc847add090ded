from hypothesis import given
from hypothesis import strategies as st

from policylang.reference.encode import lettered, parts
from policylang.runtime.keys import identity_part, limit_part, part, route_part, value_part

TEXT = st.text(st.characters(codec="utf-8"))
values = TEXT | st.integers(-(2**63), 2**63 - 1) | st.booleans()
counted = st.one_of(
    st.tuples(st.just("i"), st.binary(max_size=20)), st.tuples(st.just("r"), TEXT), st.tuples(st.just("v"), values)
)


def key(limit: str, kind: str, what: object) -> bytes:
    if isinstance(what, bytes):
        return limit_part(limit) + identity_part(what)
    if kind == "r":
        return limit_part(limit) + route_part(str(what))
    assert isinstance(what, str | int | bool)
    return limit_part(limit) + value_part(what)


def test_a_part_carries_its_length() -> None:
    assert part(b"") == b"\0\0\0\0"
    assert part(b"ab") == b"\0\0\0\2ab"


def test_kinds_are_told_apart() -> None:
    assert len({value_part("1"), value_part(1), value_part(True), route_part("1"), identity_part(b"1")}) == 5
    assert value_part(-5) == part(b"n-5")
    assert value_part(None) == part(b"-")


@given(TEXT, counted, TEXT, counted)
def test_two_keys_never_share_a_counter(a: str, x: tuple[str, object], b: str, y: tuple[str, object]) -> None:
    # 1 == True in Python, and they are two values in the rules.
    same = a == b and x == y and type(x[1]) is type(y[1])
    assert (key(a, *x) == key(b, *y)) is same


@given(TEXT, values)
def test_the_oracle_encodes_alike(limit: str, value: str | int | bool) -> None:
    assert key(limit, "v", value) == parts(limit.encode(), lettered(value))
