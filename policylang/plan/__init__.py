"""The plan: the compiled rule set as data. *Positions* are one table that nodes index; *digests* are two.

``model`` has its shapes, ``codec`` its canonical JSON, ``index`` the look-up from host, path and method to a route.
"""
