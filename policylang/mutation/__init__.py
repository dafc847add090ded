"""Mutation: small changes of the rules, each of which some test should notice.

A *mutant* is one change of the source text by one *operator*. It is *refused* when the checker does not let it pass,
*equivalent* when its plan means the same, *noticed* when some test fails on it, and else it *survives*: then the tests
would let somebody make that very change by mistake.
"""
