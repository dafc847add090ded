"""Rule tests: the ``test`` blocks of a rule set, run by the compiled plan and by the reference interpreter at once.

A *case* is one test, or one row of a table in it: *steps*, each an ask with what is expected of its answer. An *outcome*
says what became of a case; its *failures* say what was expected and what came. A *disagreement* is a failure of this
program, not of the rules: the two engines decided differently.
"""
