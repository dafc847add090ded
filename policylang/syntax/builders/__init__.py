"""Building the AST while the LALR parser reduces: one method for each alternative of ``rules.lark``, no parse tree between.

A *part* is what a reduction leaves for the one above it when that is not yet a node: a ``Field`` of a block, a ``Paren``.
"""
