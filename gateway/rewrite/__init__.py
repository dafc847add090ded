"""Rewriting: what is stripped from the request, what is set on it, and the identity token that is minted for it."""
