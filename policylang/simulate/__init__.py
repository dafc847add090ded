"""Simulation: the whole of the pure pipeline on one request, without a network: an *ask* in, a *decision* out.

It decides by the cells that the gateway runs, or, to check them, by a tree walk that hoists nothing.
"""
