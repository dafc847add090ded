"""Limits: a *charge* is asked of a store; *enforce* turns standings into an answer and its RateLimit fields."""
