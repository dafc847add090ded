"""Code generation: one *cell* of a plan, that is one (route, method, issuer), becomes three Python functions.

A cell's declarations are *specialised* (its issuer is known, so most of each expression folds away), every
subexpression whose inputs are bound earlier than its use becomes a *slot* of the earlier *stage* (token, identity,
request), and each stage is *written* as an ``ast`` function over slots and compiled. Text of the rules enters as
constants and never as source. The *source map* gives each line of a generated function the place of its rule.
"""
