"""The plan: the compiled rule set as data. *Positions* are one table that nodes index; *digests* are two.

``model`` has its shapes, ``codec`` its canonical JSON, ``index`` the look-up from host, path and method to a route. A
*draft* is a plan with names and spans, before ``build`` turns them into indices; what cannot be read is *refused*, with
the place as a JSON pointer. Long work comes in *steps*, so that a caller may do something else in between.
"""
