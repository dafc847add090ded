"""Whether the process may open as many files as its limits let it want: one for each client, and one for each upstream's line."""

SPARE = 64
"""Descriptors for everything else: listeners, the decision log, key fetches, the admin listener's clients."""


def shortage(soft: int, hard: int, clients: int, lines: int) -> str | None:
    """A warning with what to do, or None. ``soft``, ``hard``: RLIMIT_NOFILE, -1 for none; ``lines``: to one target."""
    needed = clients + lines + SPARE
    if soft < 0 or needed <= soft:
        return None
    fits = max(1, soft - lines - SPARE)
    may = "the hard limit allows that" if hard < 0 or needed <= hard else f"the hard limit is {hard}: raise it as well"
    return (
        f"warning: {clients} clients and {lines} connections to a service need {needed} file descriptors, and this process may "
        f"open {soft}: beyond that clients are not accepted and services not reached. Raise the limit (ulimit -n {needed}, or "
        f"LimitNOFILE={needed} in the systemd unit; {may}), or set wire.connections to {fits} or less"
    )
