"""The checker: AST in, *checked module* out: every name resolved, every expression typed, every scope a list of routes.

A *cell environment* is what a rule may name on one (route, issuer): each rule is checked once for every cell it reaches.
"""
