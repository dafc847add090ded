"""What an error of Redis says about a call: a reason, and whether the script may have run."""

from redis import exceptions as errors

from gateway.store.link import StoreFault

# Refusals that come before a script's first write; then it has written nothing. What else a script may fail with says
# nothing about what it did before.
_NOT_DONE: dict[type[Exception], str] = {
    errors.NoScriptError: "noscript",
    errors.ReadOnlyError: "readonly",
    errors.OutOfMemoryError: "full",
    errors.BusyLoadingError: "loading",
    errors.MovedError: "moved",
    errors.AskError: "moved",
    errors.TryAgainError: "moved",
    errors.ClusterCrossSlotError: "crossslot",
    errors.ClusterDownError: "down",
    errors.MasterDownError: "down",
    errors.AuthenticationError: "credential",
    errors.AuthenticationWrongNumberOfArgsError: "credential",
}
_NOT_DONE_CODES = {"BUSY": "busy", "MISCONF": "disk", "NOREPLICAS": "replicas", "OOM": "full", "LOADING": "loading"}


def fault_of(error: Exception) -> StoreFault:
    """The fault for an error reply. The server's text is left out: it may quote arguments."""
    reason = _NOT_DONE.get(type(error))
    if reason is None:
        reason = _NOT_DONE_CODES.get(str(error).split(" ", 1)[0])
    if reason is not None:
        return StoreFault(reason, "not")
    if isinstance(error, errors.NoPermissionError):
        return StoreFault("permission", "perhaps")
    return StoreFault("error", "perhaps")
