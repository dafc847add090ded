"""Sub-commands that need sockets or secrets: serve, identity, dev, init."""
