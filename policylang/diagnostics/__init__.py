"""Diagnostics: complaints as data. A *label* points at a span, a *help* says what to write instead, an *edit* writes it.

Each stage has its own ``errors`` module with one constructor a complaint; renderers here turn them into text and JSON.
"""
