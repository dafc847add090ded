"""What an error reply says about a call."""

import pytest
from redis import exceptions as errors

from gateway.store.faults_redis import fault_of


@pytest.mark.parametrize(
    ("error", "reason", "done"),
    [
        (errors.ReadOnlyError("You can't write against a read only replica."), "readonly", "not"),
        (errors.OutOfMemoryError("command not allowed"), "full", "not"),
        (errors.ResponseError("OOM command not allowed"), "full", "not"),
        (errors.ResponseError("MISCONF Errors writing to the AOF file"), "disk", "not"),
        (errors.ResponseError("BUSY Redis is busy running a script"), "busy", "not"),
        (errors.ResponseError("NOREPLICAS Not enough good replicas"), "replicas", "not"),
        (errors.MovedError("1 127.0.0.1:7000"), "moved", "not"),
        (errors.AskError("1 127.0.0.1:7000"), "moved", "not"),
        (errors.TryAgainError("x"), "moved", "not"),
        (errors.ClusterDownError("Hash slot not served"), "down", "not"),
        (errors.MasterDownError("x"), "down", "not"),
        (errors.NoScriptError("x"), "noscript", "not"),
        (errors.NoPermissionError("x"), "permission", "perhaps"),
        (errors.ResponseError("user_script:3: attempt to index"), "error", "perhaps"),
    ],
)
def test_reason_and_whether_it_ran(error: Exception, reason: str, done: str) -> None:
    fault = fault_of(error)
    assert (fault.reason, fault.done) == (reason, done)


def test_the_text_of_the_server_stays_out() -> None:
    assert "secret" not in str(fault_of(errors.ResponseError("wrong argument secret")))
