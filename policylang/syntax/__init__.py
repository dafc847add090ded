"""Syntax: text in, *AST* out. The AST is what the author wrote (names, spans, order); *trivia* are comments and blanks.

The only package that knows Lark.
"""
