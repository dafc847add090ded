"""The admin listener: health, readiness, metrics, the gateway's own key set, and the admin API.

An *operation* is a method and a path of the admin API's document (``schemas/admin-api.v1.json``, the source of truth). A
*call* is a request that fits its operation; a *handler* turns it into an *answer*, or raises a *problem*. The *gate* lets
nobody near an operation without the credential.
"""
