"""Source text: a *span* is a pair of offsets in one file; a *tree* is the files of a rule set, sorted by path."""
