"""Records: what is kept behind the gateway and shared by all gateways of one store: metadata, access keys, revocations.

A *record* is a JSON object under a kind and a name, with a version and perhaps an end. A *change* says that a record has
another version now. The *feed* follows changes; the *cache* holds records while the feed vouches for them.
"""
