"""Authentication: a *credential* is found, a *key set* is kept, a token is *verified* and becomes a principal."""
