"""The formatter: rules in, the same rules in the one style out.

A *token* is a word with the remarks (comments) that belong to it. A *branch* is what the grammar makes of tokens, every
one of them kept. A *unit* is what begins on a line of its own: an item, or an entry of a block. It is made of *cells*,
which stand in columns where adjacent units form a *table*. A *doc* is what a cell holds: text with places where a line
may break. The *proof* compares what went in with what came out; nothing is written without it.
"""
