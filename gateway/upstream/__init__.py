"""The upstream side: a *pool* of connections, an *exchange* of one request and its answer, bytes passed through."""
