"""The gate: one bearer credential, or nobody."""

import pytest

from gateway.admin.credential import Gate
from gateway.admin.problems import Problem


def refusal(gate: Gate, *values: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    with pytest.raises(Problem) as raised:
        gate.admit(values)
    return raised.value.code, raised.value.headers


def test_who_gets_in() -> None:
    gate = Gate(b"right")
    for value in ("Bearer right", "bearer right", "BEARER  right"):
        gate.admit([value])
    assert gate.attempts.accepted == 3


@pytest.mark.parametrize("value", ["Bearer wrong", "Bearer righ", "Bearer", "right", "Basic right", "Bearer \udcff"])
def test_who_does_not(value: str) -> None:
    code, headers = refusal(Gate(b"right"), value)
    assert code == "credential_refused"
    assert headers == (("WWW-Authenticate", 'Bearer realm="policylang admin", error="invalid_token"'),)


def test_none_and_two() -> None:
    gate = Gate(b"right")
    assert refusal(gate) == ("credential_missing", (("WWW-Authenticate", 'Bearer realm="policylang admin"'),))
    assert refusal(gate, "Bearer right", "Bearer right")[0] == "credential_refused"
    assert (gate.attempts.missing, gate.attempts.refused) == (1, 1)


def test_without_a_setting_nobody() -> None:
    gate = Gate(None)
    assert refusal(gate, "Bearer ")[0] == "credential_unset"
    assert refusal(gate) == ("credential_unset", ())
    assert gate.attempts.unset == 2
