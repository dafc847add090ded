"""The name that an author may have meant."""

from policylang.diagnostics.suggest import did_you_mean as nearest

__all__ = ["nearest"]
