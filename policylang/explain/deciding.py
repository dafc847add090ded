"""Which conditions decided a rule, and what would have to change for it to come out otherwise."""

from policylang.explain.evaluate import Walked


def deciding(walked: Walked) -> tuple[Walked, ...]:
    """The smallest nodes each of which, having the other value, would give the whole the other value.

    Where several would have to change together, it is the node above them. Of a fault: the nodes that caused it.
    """
    match walked.expr[0]:
        case "not":
            return deciding(walked.operands[0])
        case "and" | "or" as op:
            neutral = op == "and"
            if walked.truth is neutral:
                return tuple(node for operand in walked.operands for node in deciding(operand))
            culprits = [operand for operand in walked.operands if operand.truth is not neutral]
            return deciding(culprits[0]) if len(culprits) == 1 else (walked,)
        case _:
            return (walked,)


def lacking(walked: Walked, wanted: bool) -> tuple[tuple[Walked, bool], ...]:
    """The fewest tests, each with the value it would need, that would have to change for the node to be ``wanted``."""
    match walked.expr[0]:
        case "not":
            return lacking(walked.operands[0], not wanted)
        case "and" | "or" as op:
            each = [lacking(operand, wanted) for operand in walked.operands]
            if (op == "and") == wanted:
                return tuple(lack for lacks in each for lack in lacks)
            return min(each, key=len)
        case _:
            return () if walked.truth is wanted else ((walked, wanted),)
