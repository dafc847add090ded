"""Type terms: the values a claim, a capture or an expression may have, and which terms go together."""
