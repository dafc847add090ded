"""Explanations: why a request was decided as it was, from a plan alone, without its source and without its secrets.

A *walk* gives every node of a condition its value. A node is *deciding* when another value of it would give the rule
another value. The *closest allow* is the one that the fewest changed conditions would have made true.
"""
