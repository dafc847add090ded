"""Limits: a *charge* is asked of a store; *enforce* turns standings into an answer and its RateLimit fields; what a request
*holds* of a concurrency is *given back* when it is over."""
