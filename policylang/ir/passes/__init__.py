"""Passes: functions from tree to tree that keep every value and every fault, in an order that has reasons."""
