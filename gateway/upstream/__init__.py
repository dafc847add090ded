"""The upstream side: a *pool* of *lines* to each target, an *exchange* of one request and its answer, bytes passed through.

A *line* is one connection to an upstream. A *reader* turns an upstream's bytes into bytes for the client. A *sink* is whoever
takes the answer. A *failure* says why there is no whole answer. An *upload* is a request's body on its way.
"""
