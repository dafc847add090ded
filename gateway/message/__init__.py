"""Messages: an *inbound* request as it came, a *refusal* that will be its answer, *parked* work that needs the network."""
