"""Limit arithmetic: GCRA *rates*, calendar and anchored *quotas*, *concurrency* slots, as pure functions over integers.

A *state* is what a counter remembers, a *standing* is how a limit stands after a step, a *step* checks all the limits
of one request and charges all of them or none. Every store computes what these functions compute.
"""
