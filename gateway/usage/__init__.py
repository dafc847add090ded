"""Usage: who used what, how much and how well, by hour and day.

A *sample* is one finished request; a *cell* sums samples of one hour, identity, policy and route. The *meter* collects
samples off the request's path and hands *batches* of cells to a store.
"""
