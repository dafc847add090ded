"""Servers for trying things out on one machine: an authorization server and an echo service. Never for production."""
