"""Where state lives: the *address* of a store, the *link* to a Redis server, cluster or Sentinel, the file of SQLite.

A *shard* is one of 64 groups of keys that share a cluster slot. An *era* is the life of one memory: a store that was
emptied has another. The *breaker* keeps requests from waiting for a store that does not answer.
"""
