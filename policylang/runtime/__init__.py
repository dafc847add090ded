"""Run time: the value domain, the operators that generated code calls, and what a plan says of one request.

A *verdict* is the plan's word on one request, still in plan indices; a *decision* is its record, in names, as data.
"""
