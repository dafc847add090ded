"""Lint: what a rule set does that its author may not have meant, though it compiles.

A *rule* (``LintRule``) is one file in ``rules/``: what it finds, why, a bad and a good example, the check and, where an
automatic one is sound, the fix. A *finding* is a place and a complaint. A *subject* is what rules look at: the checked
module, the AST, the comments. A *suppression* is a comment that allows a finding and says why. ``lint.toml`` in the rule
set's directory sets severities and options. ``catalogue`` lists the rules; ``lint`` runs them.
"""
