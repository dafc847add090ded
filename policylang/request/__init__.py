"""Requests: a *target* is normalised once and matched as decoded segments; header *algebra* decides what is dropped."""
