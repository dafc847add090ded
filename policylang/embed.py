"""The one door through which the gateway enters the language: loading a plan, running it, and the pure semantics it shares.

Law of this file: re-exports only, and nothing that imports lark, jsonschema, the parser, the checker, the IR or the oracle.
"""

from policylang.limits.standing import Standing
from policylang.limits.step import State, idle, step
from policylang.plan import model as plan_model
from policylang.runtime.cell import Cell, Claims, Fields, TokenFacts
from policylang.runtime.decision import STATUS, Decision
from policylang.runtime.verdict import Charge, Mint, RequestFacts, Verdict

__all__ = [
    "STATUS",
    "Cell",
    "Charge",
    "Claims",
    "Decision",
    "Fields",
    "Mint",
    "RequestFacts",
    "Standing",
    "State",
    "TokenFacts",
    "Verdict",
    "idle",
    "plan_model",
    "step",
]
