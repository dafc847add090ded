"""The IR: the plan's expressions while they are made: *lowered* from typed expressions, folded by *passes*, *staged*."""
