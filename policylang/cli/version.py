"""The version of the installed distribution."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version() -> str:
    """Such as "0.1.0"; "unknown" where the distribution is not installed."""
    try:
        return installed("policylang")
    except PackageNotFoundError:
        return "unknown"
