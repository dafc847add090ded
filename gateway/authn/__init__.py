"""Authentication: a *credential* is found, a *key set* is kept, a token is *verified* and becomes a principal.

A *place* is where an issuer's keys are fetched from, a *holder* keeps one key set alive. What a route *trusts* is
prepared once a plan. A verified token leaves a *fact* (its signature held) and, when it comes again, an *entry*.
"""
