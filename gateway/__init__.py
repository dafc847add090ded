"""The gateway: one request, six steps, run by a compiled plan.

*Authenticate* finds the principal, *facts* are what is known of it, a *verdict* is the plan's word, *enforce* charges limits,
*rewrite* makes the request that travels on, *forward* carries it. A *step* returns a value, a refusal, or is *parked*.
"""
