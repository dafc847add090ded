"""policylang: a typed, declarative language for what a gateway lets through, and its compiler.

A *rule set* is a directory of ``*.rules`` files. It is **parsed** to an AST, **checked** to a typed module, **lowered**
to an IR, **staged** by binding time, and written as a **plan**: canonical JSON that a gateway loads and runs.
A *cell* is one (route, method, issuer) of a plan: the unit for which code is generated. A *fact* is what a cell derives
from a token or from metadata and keeps. A *verdict* is what a cell says of one request, a *decision* the record of it.

This package opens no socket, reads no clock and draws no randomness. It imports nothing here, on purpose:
``import policylang.embed`` must not bring in the parser.
"""
