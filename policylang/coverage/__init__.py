"""Coverage: how much of a rule set its own tests have looked at, by condition.

A *goal* is something that a test should have seen once: a condition true, the same condition false, an arm taken. What is
*seen* is what the reference interpreter looked at while it decided, as far as the answer still depended on it. A goal
that provably nothing can meet is no goal.
"""
