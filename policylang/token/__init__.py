"""Tokens, read strictly: a *compact token* is three base64url parts, a *payload* is I-JSON, *decoding* gives claims."""
