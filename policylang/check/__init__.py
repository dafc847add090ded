"""The checker: AST in, *checked module* out: every name resolved, every expression typed, every scope a list of routes.

*Symbols* are the declarations by kind and name. A *reach* is the routes of a scope. A *cell environment* is what a rule may
name on one (route, issuer): each rule is checked once for every kind of cell it reaches. The *ground* is all that together.
"""
