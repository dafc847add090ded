"""Access keys and revocations: credentials that are made and unmade behind the gateway.

A *keyring* is a named set of *access keys*; an access key is either presented itself (opaque) or named by the ``kid`` of a
JWT that it verifies. A *revocation* takes tokens back before their time.
"""
